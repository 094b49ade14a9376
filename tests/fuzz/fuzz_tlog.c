/* fuzz_tlog - checkpoints, tile paths, bundles, proofs */
#include "fuzz.h"

#include "base/b64.h"
#include "core/tlog.h"

enum { AGAIN_BYTES = 1 << 17 };

static char again[AGAIN_BYTES];

static void
checkpoint(struct str s)
{
    struct buf b = buf_over(again, sizeof again);
    struct checkpoint c;

    if (checkpoint_parse(s, &c) == OK && s.n < sizeof again)
        demand(checkpoint_write(&b, &c) == OK && str_eq(buf_view(&b), s));
}

static void
path(struct str s)
{
    struct buf b = buf_over(again, sizeof again);
    struct tile t;

    if (tile_path_parse(s, &t) != OK)
        return;
    tile_path(&b, &t);
    demand(str_eq(buf_view(&b), s));
}

static void
bundle(struct str s)
{
    struct buf b = buf_over(again, sizeof again);
    struct str rest = s, entry;

    if (s.n > sizeof again)
        return;
    while (rest.n > 0) {
        if (bundle_next(&rest, &entry) != OK)
            return;
        demand(bundle_add(&b, entry) == OK);
    }
    demand(b.n == s.n && (s.n == 0 || memcmp(again, s.p, s.n) == 0));
}

static void
proof(struct str s)
{
    static unsigned char extra[AGAIN_BYTES];
    struct buf b = buf_over(again, sizeof again);
    struct tlog_proof p;
    size_t n = 0;

    if (tlog_proof_parse(s, &p) != OK || s.n > sizeof again)
        return;
    if (p.extra.p != NULL && b64_decode(p.extra, extra, sizeof extra, &n) != OK)
        return;
    demand(tlog_proof_write(&b, &p, (struct str){p.extra.p == NULL ? NULL : (const char *) extra, n}) == OK);
    demand(str_eq(buf_view(&b), s));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str s = {(const char *) data, size};

    checkpoint(s);
    path(s);
    bundle(s);
    proof(s);
    return 0;
}
