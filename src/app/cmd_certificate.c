/* app/cmd_certificate.c - mingqian certificate make HOST…: HTTPS on an intranet, see docs/how-to/intranet-https.md */
#include <stdio.h>

#include "certificate.h"
#include "commands.h"

int
cmd_certificate_make(const struct cli_command *self, int argc, char **argv)
{
    struct cli_args args;
    struct app app;
    int status = 0;
    enum err e;

    if (!cli_parse(self, NULL, 0, 1, CERTIFICATE_HOSTS_MAX, argc, argv, &args, &status))
        return status;
    if ((e = app_open(&args, &app)) != OK)
        return err_exit_status(e);
    e = certificate_make(&app.ctx, app.config.name, args.positional, args.positional_count);
    if (e == OK && !args.json)
        printf(cli_text("证书已生成,有效 %d 天。用 mingqian serve --tls 启用;手机打开 https://%s/ca.pem 安装本机构根证书\n",
                        "certificate made for %d days. mingqian serve --tls uses it; phones install the root from https://%s/ca.pem\n"),
               CERTIFICATE_HOST_DAYS, args.positional[0]);
    return app_finish(&args, &app, e, args.positional[0]);
}
