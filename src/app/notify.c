/* app/notify.c - datagrams to the service manager */
#include "notify.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/str.h"

void
notify(const char *state)
{
    const char *path = getenv("NOTIFY_SOCKET");
    struct sockaddr_un a = {.sun_family = AF_UNIX};
    size_t n = path == NULL ? 0 : strlen(path);
    int fd;

    if (n < 2 || n >= sizeof a.sun_path || (path[0] != '/' && path[0] != '@'))
        return;
    memcpy(a.sun_path, path, n);
    if (path[0] == '@') /* a name of the kernel, not of a file */
        a.sun_path[0] = '\0';
    if ((fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)) < 0)
        return;
    (void) !sendto(fd, state, strlen(state), MSG_NOSIGNAL, (struct sockaddr *) &a,
                   (socklen_t) (offsetof(struct sockaddr_un, sun_path) + n));
    close(fd);
}

int64_t
notify_interval_us(void)
{
    const char *us = getenv("WATCHDOG_USEC"), *pid = getenv("WATCHDOG_PID");
    uint64_t interval, who;

    if (us == NULL || str_u64(str_of(us), INT64_MAX, &interval) != OK)
        return 0;
    if (pid != NULL && (str_u64(str_of(pid), INT64_MAX, &who) != OK || who != (uint64_t) getpid()))
        return 0;
    return (int64_t) (interval / 2);
}
