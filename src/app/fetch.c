/* app/fetch.c - HTTP by libcurl */
#include "fetch.h"

#include <stdlib.h>
#include <string.h>

#include <curl/curl.h>

enum { CONNECT_SECONDS = 20, STALL_SECONDS = 60, STALL_BYTES_PER_SECOND = 1000, REDIRECTS_MAX = 3, POST_SECONDS = 10 };

struct fetch {
    CURL *curl;
    char why[CURL_ERROR_SIZE];
    FILE *out;
    size_t n, max_bytes;
    bool too_large;
};

bool
fetch_is_url(const char *s)
{
    return strncmp(s, "http://", 7) == 0 || strncmp(s, "https://", 8) == 0;
}

static size_t
take(char *p, size_t size, size_t count, void *ctx)
{
    struct fetch *f = ctx;
    size_t n = size * count;

    if (n > f->max_bytes - f->n) {
        f->too_large = true;
        return 0;
    }
    f->n += n;
    return fwrite(p, 1, n, f->out);
}

enum err
fetch_open(struct fetch **out)
{
    struct fetch *f = calloc(1, sizeof *f);

    if (f == NULL || curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK || (f->curl = curl_easy_init()) == NULL) {
        free(f);
        return ERR_MEMORY;
    }
    curl_easy_setopt(f->curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(f->curl, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(f->curl, CURLOPT_FOLLOWLOCATION, 1L);
    curl_easy_setopt(f->curl, CURLOPT_MAXREDIRS, (long) REDIRECTS_MAX);
    curl_easy_setopt(f->curl, CURLOPT_CONNECTTIMEOUT, (long) CONNECT_SECONDS);
    curl_easy_setopt(f->curl, CURLOPT_LOW_SPEED_TIME, (long) STALL_SECONDS);
    curl_easy_setopt(f->curl, CURLOPT_LOW_SPEED_LIMIT, (long) STALL_BYTES_PER_SECOND);
    curl_easy_setopt(f->curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(f->curl, CURLOPT_USERAGENT, "mingqian/" MQ_VERSION);
    curl_easy_setopt(f->curl, CURLOPT_ERRORBUFFER, f->why);
    curl_easy_setopt(f->curl, CURLOPT_WRITEFUNCTION, take);
    curl_easy_setopt(f->curl, CURLOPT_WRITEDATA, f);
    *out = f;
    return OK;
}

void
fetch_close(struct fetch *f)
{
    if (f == NULL)
        return;
    curl_easy_cleanup(f->curl);
    free(f);
}

/* One exchange; what comes goes to out. */
static enum err
perform(struct fetch *f, const char *url, size_t max_bytes, FILE *out, long *status)
{
    CURLcode code;

    f->out = out;
    f->n = 0;
    f->max_bytes = max_bytes;
    f->too_large = false;
    f->why[0] = '\0';
    curl_easy_setopt(f->curl, CURLOPT_URL, url);
    code = curl_easy_perform(f->curl);
    curl_easy_getinfo(f->curl, CURLINFO_RESPONSE_CODE, status);
    if (f->too_large)
        return ERR_TOO_LARGE;
    if (code != CURLE_OK && f->why[0] == '\0')
        snprintf(f->why, sizeof f->why, "%s", curl_easy_strerror(code));
    return code == CURLE_OK && fflush(out) == 0 ? OK : ERR_IO;
}

enum err
fetch_file(struct fetch *f, const char *url, size_t max_bytes, FILE *out)
{
    long status = 0;
    enum err e = perform(f, url, max_bytes, out, &status);

    if (e != OK || status == 200)
        return e;
    snprintf(f->why, sizeof f->why, "HTTP %ld", status);
    return status == 404 || status == 410 ? ERR_NOT_FOUND : ERR_IO;
}

/* What was collected, in the arena. */
static enum err
keep(struct arena *a, FILE *memory, char **text, size_t *n, enum err e, struct str *out)
{
    char *kept;

    if (memory != NULL)
        fclose(memory);
    kept = e == OK ? str_z(a, (struct str) {*text, *n}) : NULL;
    if (e == OK && kept == NULL)
        e = ERR_MEMORY;
    if (e == OK)
        *out = (struct str) {kept, *n};
    free(*text);
    return e;
}

enum err
fetch_bytes(struct fetch *f, struct arena *a, const char *url, size_t max_bytes, struct str *out)
{
    char *text = NULL;
    size_t n = 0;
    FILE *memory = open_memstream(&text, &n);
    enum err e = memory == NULL ? ERR_MEMORY : fetch_file(f, url, max_bytes, memory);

    return keep(a, memory, &text, &n, e, out);
}

enum err
fetch_post(struct fetch *f, struct arena *a, const char *url, struct str body, size_t max_bytes, struct str *out, long *status)
{
    struct curl_slist *fields = curl_slist_append(NULL, "Content-Type: text/plain; charset=utf-8");
    char *text = NULL;
    size_t n = 0;
    FILE *memory = open_memstream(&text, &n);
    enum err e = memory == NULL || fields == NULL ? ERR_MEMORY : OK;

    *status = 0;
    if (e == OK) {
        curl_easy_setopt(f->curl, CURLOPT_POST, 1L);
        curl_easy_setopt(f->curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t) body.n);
        curl_easy_setopt(f->curl, CURLOPT_POSTFIELDS, body.p);
        curl_easy_setopt(f->curl, CURLOPT_HTTPHEADER, fields);
        curl_easy_setopt(f->curl, CURLOPT_TIMEOUT, (long) POST_SECONDS);
        curl_easy_setopt(f->curl, CURLOPT_FOLLOWLOCATION, 0L);
        e = perform(f, url, max_bytes, memory, status);
    }
    curl_slist_free_all(fields);
    return keep(a, memory, &text, &n, e, out);
}

const char *
fetch_why(const struct fetch *f)
{
    return f->why;
}
