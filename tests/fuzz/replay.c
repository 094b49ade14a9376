/* tests/fuzz/replay.c - run a fuzz target over files (a corpus, or inputs that once crashed) without
 * libFuzzer */
#include <dirent.h>
#include <stdio.h>

#include "fuzz.h"

enum { INPUT_BYTES = 1 << 20 };

static void
replay(const char *path)
{
    static uint8_t bytes[INPUT_BYTES];
    FILE *f = fopen(path, "rb");
    size_t n;

    demand(f != NULL);
    n = fread(bytes, 1, sizeof bytes, f);
    fclose(f);
    LLVMFuzzerTestOneInput(bytes, n);
}

int
main(int argc, char **argv)
{
    unsigned count = 0;

    LLVMFuzzerTestOneInput((const uint8_t *) "", 0);
    for (int i = 1; i < argc; i++) {
        DIR *dir = opendir(argv[i]);
        const struct dirent *entry;

        while (dir != NULL && (entry = readdir(dir)) != NULL) {
            char path[4096];

            if (entry->d_name[0] == '.')
                continue;
            snprintf(path, sizeof path, "%s/%s", argv[i], entry->d_name);
            replay(path);
            count++;
        }
        if (dir != NULL)
            closedir(dir);
    }
    printf("%u inputs\n", count);
    return 0;
}
