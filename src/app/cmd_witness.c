/* app/cmd_witness.c - mingqian witness: another department's machine watches that a log only grows, and says so with its
 * signature (c2sp.org/tlog-witness); mingqian log ask: the log asks one */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <arpa/inet.h>
#include <microhttpd.h>
#include <netinet/in.h>

#include "commands.h"
#include "data_dir.h"
#include "mod/file.h"
#include "mod/journal/journal_keys.h"
#include "mod/journal/log_witness.h"
#include "witness_ask.h"

enum { ARENA_BYTES = 4 << 20, STATE_BYTES = 128, IDLE_SECONDS = 20, CONNECTIONS_MAX = 64 };

struct watch {
    const char *dir;
    struct journal_keys keys;
    struct note_key own; /* the same key as a cosigner's */
    struct note_key log;
    struct log_witness_state state;
    void *block;
};

/* --- what was cosigned last, in DIR/state ------------------------------------------------------------------------------------ */

static enum err
load_state(struct watch *w, struct arena *a)
{
    char path[FILE_PATH_BYTES];
    struct str text, size, root;
    enum err e = file_path(path, w->dir, STR("state"));

    if (e == OK)
        e = file_read(a, path, STATE_BYTES, &text);
    if (e == ERR_NOT_FOUND)
        return OK;
    if (e != OK)
        return e;
    if (!str_split(str_trim(text), ' ', &size, &root) || str_u64(size, UINT64_MAX, &w->state.size) != OK)
        return ERR_SYNTAX;
    return hex_decode(root, w->state.root, HASH_LEN);
}

/* Durable before the signature leaves the house. */
static enum err
save_state(const struct watch *w, const struct log_witness_state *next)
{
    char path[FILE_PATH_BYTES], text[STATE_BYTES], root[HASH_HEX_LEN];
    int n;
    enum err e = file_path(path, w->dir, STR("state"));

    hex_encode(next->root, HASH_LEN, root);
    n = snprintf(text, sizeof text, "%llu %.*s\n", (unsigned long long) next->size, HASH_HEX_LEN, root);
    return e == OK ? file_write(path, (struct str) {text, (size_t) n}, 0600) : e;
}

static enum err
load_keys(struct watch *w, struct arena *a, const char *name)
{
    struct ctx c = {.arena = a, .dir = w->dir, .entropy = app_entropy, .now_us = app_now_us()};
    char path[FILE_PATH_BYTES];
    enum err e = OK;

    for (int i = 0; e == OK && i < 3; i++) {
        e = file_path(path, w->dir, i == 0 ? STR(".") : i == 1 ? STR("keys") : STR("log"));
        if (e == OK && mkdir(i == 0 ? w->dir : path, 0700) != 0 && errno != EEXIST)
            e = ERR_IO;
    }
    if (e == OK)
        e = journal_keys_load(&c, &w->keys);
    if (e == ERR_NOT_FOUND && name != NULL && (e = journal_keys_create(&c, str_of(name), false)) == OK)
        e = journal_keys_load(&c, &w->keys);
    return e != OK ? e
                   : note_key_make(str_of(w->keys.ed25519.name), NOTE_COSIGNATURE, w->keys.ed25519.key,
                                   w->keys.ed25519.key_bytes, &w->own);
}

/* --- one request -------------------------------------------------------------------------------------------------------------- */

struct incoming {
    size_t n;
    bool too_large;
    char bytes[LOG_WITNESS_REQUEST_MAX];
};

static enum err
cosign(struct watch *w, struct str text, struct buf *out)
{
    unsigned char signature[JOURNAL_SIGNATURE_BYTES];
    uint64_t now_s = (uint64_t) (app_now_us() / 1000000);
    struct buf message = buf_over(malloc(NOTE_BYTES_MAX + 64), NOTE_BYTES_MAX + 64);
    enum err e = message.p == NULL ? ERR_MEMORY : OK;

    if (e == OK) {
        note_cosigned_message(&message, now_s, text);
        e = message.overflow ? ERR_TOO_LARGE : journal_sign(&w->keys, NOTE_ED25519, buf_view(&message), signature);
    }
    free(message.p);
    if (e == OK)
        note_add_cosignature(out, &w->own, now_s, signature);
    return e != OK ? e : out->overflow ? ERR_TOO_LARGE : OK;
}

/* The answer to a whole request; requests come one after another. */
static int
judge(struct watch *w, struct str request, struct buf *out)
{
    struct arena a = arena_over(w->block, ARENA_BYTES);
    struct log_witness_verdict v;

    if (log_witness_judge(&a, &w->log, &w->state, request, &v) != OK)
        return 503;
    if (v.status == 409) {
        buf_u64(out, w->state.size);
        buf_z(out, "\n");
    }
    if (v.status != 200)
        return v.status;
    if (save_state(w, &v.next) != OK)
        return 500;
    w->state = v.next;
    return cosign(w, v.text, out) == OK ? 200 : 500;
}

static enum MHD_Result
reply(struct MHD_Connection *connection, int status, struct str body)
{
    struct MHD_Response *r = MHD_create_response_from_buffer(body.n, (void *) (uintptr_t) body.p, MHD_RESPMEM_MUST_COPY);
    enum MHD_Result done;

    if (r == NULL)
        return MHD_NO;
    (void) MHD_add_response_header(r, "Content-Type", status == 409 ? "text/x.tlog.size" : "text/plain; charset=utf-8");
    done = MHD_queue_response(connection, (unsigned) status, r);
    MHD_destroy_response(r);
    return done;
}

static void
take(struct incoming *in, const char *data, size_t n)
{
    if (n > sizeof in->bytes - in->n) {
        in->too_large = true;
        return;
    }
    memcpy(in->bytes + in->n, data, n);
    in->n += n;
}

static enum MHD_Result
on_request(void *cls, struct MHD_Connection *connection, const char *url, const char *method, const char *version,
           const char *data, size_t *n, void **held)
{
    struct watch *w = cls;
    struct incoming *in = *held;
    char answer[2 * NOTE_NAME_MAX + 512];
    struct buf out = buf_over(answer, sizeof answer);
    int status;

    (void) version;
    if (in == NULL) {
        *held = calloc(1, sizeof *in);
        return *held == NULL ? MHD_NO : MHD_YES;
    }
    if (*n > 0) {
        take(in, data, *n);
        *n = 0;
        return MHD_YES;
    }
    if (strcmp(url, "/add-checkpoint") != 0)
        return reply(connection, 404, STR(""));
    if (strcmp(method, "POST") != 0)
        return reply(connection, 405, STR(""));
    status = in->too_large ? 400 : judge(w, (struct str) {in->bytes, in->n}, &out);
    return reply(connection, status, buf_view(&out));
}

static void
on_end(void *cls, struct MHD_Connection *connection, void **held, enum MHD_RequestTerminationCode how)
{
    (void) cls;
    (void) connection;
    (void) how;
    free(*held);
}

/* --- the command ---------------------------------------------------------------------------------------------------------------- */

static bool
read_address(const char *text, struct sockaddr_in *out)
{
    char host[64];
    const char *colon = strrchr(text, ':');
    uint64_t port;

    if (colon == NULL || colon == text || (size_t) (colon - text) >= sizeof host)
        return false;
    memcpy(host, text, (size_t) (colon - text));
    host[colon - text] = '\0';
    *out = (struct sockaddr_in) {.sin_family = AF_INET};
    if (str_u64(str_of(colon + 1), 65535, &port) != OK || inet_pton(AF_INET, host, &out->sin_addr) != 1)
        return false;
    out->sin_port = htons((uint16_t) port);
    return true;
}

static void
announce(const struct cli_args *args, const struct watch *w, struct MHD_Daemon *d)
{
    char text[2 * NOTE_NAME_MAX];
    struct buf b = buf_over(text, sizeof text);
    const union MHD_DaemonInfo *port = MHD_get_daemon_info(d, MHD_DAEMON_INFO_BIND_PORT);

    note_vkey_write(&b, &w->own);
    if (args->json)
        printf("{\"port\":%u,\"vkey\":\"%.*s\"}\n", port == NULL ? 0U : port->port, (int) b.n, b.p);
    else
        printf("%s %.*s\n", cli_text("见证人公钥:", "verifier key of this witness:"), (int) b.n, b.p);
    fflush(stdout);
}

static int
run(const struct cli_args *args, struct watch *w, const char *address)
{
    struct sockaddr_in where;
    struct MHD_Daemon *d;
    sigset_t stop;
    int number;

    if (!read_address(address, &where))
        return cli_fail(args, ERR_USAGE, address, NULL);
    sigemptyset(&stop);
    sigaddset(&stop, SIGINT);
    sigaddset(&stop, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &stop, NULL);
    d = MHD_start_daemon(MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_AUTO, 0, NULL, NULL, on_request, w, MHD_OPTION_SOCK_ADDR,
                         (struct sockaddr *) &where, MHD_OPTION_NOTIFY_COMPLETED, on_end, NULL, MHD_OPTION_CONNECTION_TIMEOUT,
                         (unsigned) IDLE_SECONDS, MHD_OPTION_CONNECTION_LIMIT, (unsigned) CONNECTIONS_MAX, MHD_OPTION_END);
    if (d == NULL)
        return cli_fail(args, ERR_IO, address, cli_text("无法监听", "cannot listen"));
    announce(args, w, d);
    while (sigwait(&stop, &number) != 0)
        continue;
    MHD_stop_daemon(d);
    return 0;
}

/* The log's key: the first Ed25519 line of its log.vkey. */
static enum err
read_log_key(struct watch *w, struct arena *a, const char *path)
{
    struct str text, line;
    enum err e = path == NULL ? ERR_USAGE : file_read(a, path, NOTE_BYTES_MAX, &text);

    for (bool more = e == OK; more;) {
        more = str_split(text, '\n', &line, &text);
        if (line.n > 0 && note_vkey_parse(line, &w->log) == OK && w->log.type == NOTE_ED25519)
            return OK;
    }
    return e != OK ? e : ERR_INPUT;
}

int
cmd_witness(const struct cli_command *self, int argc, char **argv)
{
    static const struct cli_option OPTIONS[] = {
        {"log", "FILE", "被见证日志的公钥文件(log.vkey)", "verifier keys of the log (its log.vkey)"},
        {"name", "NAME", "见证人的名称,首次启动时用,如 witness.gov.example/city", "name of this witness, at the first start"},
        {"listen", "ADDRESS", "监听地址,默认 127.0.0.1:8090", "address to listen on, default 127.0.0.1:8090"},
    };
    struct cli_args args;
    struct watch w = {0};
    struct arena a;
    const char *address;
    int status = 0;
    enum err e;

    if (!cli_parse(self, OPTIONS, sizeof OPTIONS / sizeof *OPTIONS, 1, 1, argc, argv, &args, &status))
        return status;
    w.dir = args.positional[0];
    w.block = malloc(ARENA_BYTES);
    a = arena_over(w.block, w.block == NULL ? 0 : ARENA_BYTES);
    e = w.block == NULL ? ERR_MEMORY : read_log_key(&w, &a, cli_value(&args, "log"));
    if (e == OK)
        e = load_keys(&w, &a, cli_value(&args, "name"));
    if (e == OK)
        e = load_state(&w, &a);
    address = cli_value(&args, "listen");
    status = e == OK ? run(&args, &w, address == NULL ? "127.0.0.1:8090" : address) : cli_fail(&args, e, w.dir, NULL);
    journal_keys_forget(&w.keys);
    free(w.block);
    return status;
}

/* mingqian log ask 'VKEY URL'…: every witness is asked, whatever the others say. */
int
cmd_log_ask(const struct cli_command *self, int argc, char **argv)
{
    struct cli_args args;
    struct app app;
    size_t total = 0;
    int status = 0;
    enum err e, first = OK;

    if (!cli_parse(self, NULL, 0, 1, CLI_REPEAT_MAX, argc, argv, &args, &status))
        return status;
    if ((e = app_open(&args, &app)) != OK)
        return err_exit_status(e);
    for (size_t i = 0; i < args.positional_count; i++) {
        struct witness_address w;
        char why[WITNESS_WHY_BYTES] = "";
        size_t added = 0;

        e = witness_parse(args.positional[i], &w);
        if (e == OK)
            e = witness_ask(&app.ctx, &w, &added, why);
        total += added;
        if (e != OK)
            (void) cli_fail(&args, e, args.positional[i], why);
        first = first == OK ? e : first;
    }
    if (first == OK && args.json)
        printf("{\"added\":%zu}\n", total);
    else if (first == OK)
        printf(cli_text("新增见证签名 %zu 个\n", "cosignatures added: %zu\n"), total);
    app_close(&app);
    return err_exit_status(first);
}
