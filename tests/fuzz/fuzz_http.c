/* fuzz_http - the bytes of a connection through libmicrohttpd and the guard of the server (http/guard.h): what the guard lets
 * pass has one reading. The whole input is one connection. */
#include "fuzz.h"

#include <microhttpd.h>
#include <netinet/in.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include "http/guard.h"

enum { ROUNDS = 12, INPUT_BYTES = 16384 };

struct seen {
    struct str input;
    unsigned passed;
};

/* The header section of the first request as one who reads it line by line would: no folded line, no two of the fields that frame
 * a message. Only of an input without NUL: the library writes NULs over the ends of lines before the guard can look, and
 * those of the input cannot always be told apart (docs/faults.md). */
static bool
one_reading(struct str input)
{
    struct str line, rest = input;
    unsigned lengths = 0, transfers = 0, hosts = 0;

    while (rest.n > 0 && (rest.p[0] == '\r' || rest.p[0] == '\n')) /* empty lines before a request are skipped */
        rest = (struct str) {rest.p + 1, rest.n - 1};
    str_split(rest, '\n', &line, &rest);
    while (str_split(rest, '\n', &line, &rest)) {
        if (line.n == 0 || (line.n == 1 && line.p[0] == '\r'))
            return lengths <= 1 && transfers <= 1 && hosts <= 1 && lengths + transfers <= 1;
        if (line.p[0] == ' ' || line.p[0] == '\t')
            return false;
        lengths += line.n > 15 && strncasecmp(line.p, "Content-Length:", 15) == 0;
        transfers += line.n > 18 && strncasecmp(line.p, "Transfer-Encoding:", 18) == 0;
        hosts += line.n > 5 && strncasecmp(line.p, "Host:", 5) == 0;
    }
    return true; /* no end of the section: the library will not have passed it either */
}

static enum MHD_Result
answer(void *cls, struct MHD_Connection *c, const char *url, const char *method, const char *version, const char *upload,
       size_t *upload_bytes, void **state)
{
    static int begun;
    struct seen *seen = cls;
    struct MHD_Response *r;
    enum MHD_Result done;

    (void) upload;
    if (*state == NULL) {
        *state = &begun;
        if (guard_headers(c, method, version) != OK)
            return MHD_NO;
        demand(url != NULL && strlen(url) <= INPUT_BYTES);
        if (seen->passed++ == 0 && memchr(seen->input.p, 0, seen->input.n) == NULL)
            demand(one_reading(seen->input));
        (void) guard_has_body(c);
        return MHD_YES;
    }
    if (*upload_bytes > 0) {
        *upload_bytes = 0;
        return MHD_YES;
    }
    r = MHD_create_response_from_buffer(2, (void *) (uintptr_t) "ok", MHD_RESPMEM_PERSISTENT);
    done = MHD_queue_response(c, 200, r);
    MHD_destroy_response(r);
    return done;
}

static void
drain(int fd)
{
    char block[4096];

    while (recv(fd, block, sizeof block, MSG_DONTWAIT) > 0)
        continue;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct seen seen = {.input = {(const char *) data, size}};
    struct sockaddr_in from = {.sin_family = AF_INET};
    struct MHD_Daemon *d;
    int pair[2];

    if (size > INPUT_BYTES || socketpair(AF_UNIX, SOCK_STREAM, 0, pair) != 0)
        return 0;
    d = MHD_start_daemon(MHD_USE_NO_LISTEN_SOCKET, 0, NULL, NULL, answer, &seen, MHD_OPTION_STRICT_FOR_CLIENT, 1,
                         MHD_OPTION_END);
    demand(d != NULL);
    if (send(pair[1], data, size, MSG_NOSIGNAL) >= 0 || size == 0)
        shutdown(pair[1], SHUT_WR);
    if (MHD_add_connection(d, pair[0], (const struct sockaddr *) &from, sizeof from) == MHD_YES)
        for (int i = 0; i < ROUNDS; i++) {
            MHD_run(d);
            drain(pair[1]);
        }
    close(pair[1]);
    MHD_stop_daemon(d);
    return 0;
}
