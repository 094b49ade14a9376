/* http/page_verify.c - the frame of the verifier; web/verifier/verify.js fills it. Without scripts it names
 * the command line, which does the same. */
#include "view.h"

static void
verify_form(struct page *p)
{
    struct html *h = &p->h;

    html_put(h,
             "<form id=\"verify-url\" class=\"search\"><label for=\"draw\">{}</label><div "
             "class=\"field\"><input id=\"draw\" "
             "name=\"draw\" placeholder=\"411500-2026-0017/1\" autocomplete=\"off\" spellcheck=\"false\">"
             "<button type=\"submit\">{}</button></div></form>\n"
             "<div id=\"drop\" class=\"drop\"><label for=\"files\">{}</label><input id=\"files\" "
             "type=\"file\" multiple>"
             "<p class=\"hint\"><code>roster.tsv | opened.tsv · draw.txt · lock.txt · reveal.json · result.txt</code><br>{} "
             "<code>staff.tsv · forbidden.tsv · rules.txt · staff.txt · owners.txt · experts.txt · panel.txt</code></p></div>\n",
             H_T(verify_number), H_T(rerun_button), H_T(verify_files), H_T(verify_papers));
    html_put(h,
             "<div id=\"progress\" class=\"progress\" hidden><progress max=\"100\" value=\"0\" "
             "aria-label=\"{}\"></progress>"
             "<span></span></div>\n<div id=\"outcome\" role=\"status\"></div>\n<ol id=\"steps\" "
             "class=\"checks\"></ol>\n",
             H_T(verify_progress));
}

enum err
page_verify(struct page *p)
{
    struct html *h = &p->h;

    page_heading(p, NAV_VERIFY, TEXT_verify_title, TEXT_verify_lead);
    html_put(h,
             "<noscript><p class=\"note\">{}</p></noscript>\n<div id=\"verifier\" data-worker=\"{}\" "
             "data-wasm=\"{}\" data-draws=\"{}\">\n",
             H_T(verify_noscript), page_asset(p, "verify-worker.js"), page_asset(p, "verify.wasm"),
             H_FILE(STR("/draws/")));
    verify_form(p);
    html_put(h,
             "</div>\n<section class=\"panel\"><h2>{}</h2><p>{}</p><pre tabindex=\"0\"><code "
             "id=\"command\">mingqian draw verify DIR</code></pre>"
             "<p><a class=\"button plain\" href=\"{}\" download=\"verify.html\">{}</a></p></section>\n"
             "<script type=\"module\" src=\"{}\"></script>\n",
             H_T(rerun_command), H_T(verify_command_words), page_asset(p, "verify.html"), H_T(verify_offline),
             page_asset(p, "verify.js"));
    page_end(p);
    return OK;
}
