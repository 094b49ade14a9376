/* fuzz_note - signed notes and verifier keys */
#include "fuzz.h"

#include "core/note.h"

static bool
nothing_verifies(void *ctx, const struct note_key *key, const void *message, size_t message_bytes,
                 const unsigned char *signature, size_t signature_bytes)
{
    uint32_t sum = *(uint32_t *) ctx + (uint32_t) key->key_bytes;

    for (size_t i = 0; i < message_bytes; i++)
        sum += ((const unsigned char *) message)[i];
    for (size_t i = 0; i < signature_bytes; i++)
        sum += signature[i];
    *(uint32_t *) ctx = sum; /* all bytes were readable */
    return false;
}

/* Does the note hold for its own first signature, read as each type? */
static void
verify(const struct note *note)
{
    static char p[NOTE_BYTES_MAX + 64];

    for (int type = NOTE_ED25519; type <= NOTE_SM2; type++) {
        struct buf scratch = buf_over(p, sizeof p);
        struct note_key key = {
            .type = (enum note_type) type, .id = note->signatures[0].key_id, .key_bytes = 32};
        uint32_t sum = 0;

        memcpy(key.name, note->signatures[0].name.p, note->signatures[0].name.n);
        demand(note_verify(note, &key, nothing_verifies, &sum, &scratch, NULL) == ERR_SIGNATURE);
    }
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct note note;
    struct str s = {(const char *) data, size};
    struct note_key key;
    char text[1024];
    struct buf b = buf_over(text, sizeof text);

    if (note_parse(s, &note) == OK)
        verify(&note);
    if (note_vkey_parse(s, &key) == OK) {
        note_vkey_write(&b, &key);
        demand(str_eq(buf_view(&b), s));
    }
    return 0;
}
