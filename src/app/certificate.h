/* app/certificate.h - a certificate of one's own 本机构证书 for an intranet that no public authority reaches: a local root, made once
 * and trusted on each phone, and a certificate of the server signed by it (X.509, RFC 5280; EC P-256). */
#ifndef MQ_CERTIFICATE_H
#define MQ_CERTIFICATE_H

#include "data_dir.h"

enum { CERTIFICATE_ROOT_DAYS = 3650, CERTIFICATE_HOST_DAYS = 730, CERTIFICATE_HOSTS_MAX = 32 };
#define CERTIFICATE_KEY "keys/host.key"
#define CERTIFICATE_CHAIN "keys/host.pem"

/*
 * certificate_make: DIR/keys/host.key and host.pem (with the root behind it) for these names and addresses; DIR/keys/ca.key and
 * DIR/ca.pem, the root, when there is none yet: it is never made anew, phones trust it. A second time renews the host's.
 * ERR_INPUT no name, or one that is neither a host name nor an address; ERR_IO, ERR_NO_SPACE; ERR_INTERNAL the library.
 */
MUST_USE enum err certificate_make(struct ctx *c, const char *office, const char *const *hosts, size_t count);

#endif
