/* app/notify.h - telling the service manager how it stands (sd_notify(3)): ready, stopping, alive. Without one: nothing. */
#ifndef MQ_NOTIFY_H
#define MQ_NOTIFY_H

#include <stdint.h>

/* notify: "READY=1", "STOPPING=1", "WATCHDOG=1" to the socket that NOTIFY_SOCKET names. */
void notify(const char *state);
/* notify_interval_us: how often to say that it is alive: half of WATCHDOG_USEC; 0 = never. */
int64_t notify_interval_us(void);

#endif
