/* http/page_about.c - how the draw works, for a citizen, with a picture */
#include "view.h"

static void
put_box(struct page *p, int64_t x, enum text title, enum text words, const char *style)
{
    html_put(
        &p->h,
        "<g transform=\"translate({} 20)\" class=\"box {}\"><rect width=\"176\" height=\"120\" rx=\"10\"/>"
        "<text x=\"88\" y=\"48\" class=\"name\">{}</text><text x=\"88\" y=\"82\" "
        "class=\"small\">{}</text></g>",
        H_I64(x), H_Z(style), H_TEXT(title), H_TEXT(words));
    if (x > 0)
        html_put(&p->h, "<path class=\"arrow\" d=\"M{} 80h22m-8 -7l8 7l-8 7\"/>", H_I64(x - 26));
}

static void
put_picture(struct page *p)
{
    html_put(&p->h,
             "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{}\"><svg class=\"chart "
             "picture\" viewBox=\"0 0 984 160\" role=\"img\" aria-label=\"{}\">",
             H_T(about_picture), H_T(about_picture));
    put_box(p, 0, TEXT_box_frame, TEXT_box_frame_words, "");
    put_box(p, 202, TEXT_box_commit, TEXT_box_commit_words, "");
    put_box(p, 404, TEXT_box_beacon, TEXT_box_beacon_words, "strong");
    put_box(p, 606, TEXT_box_ticket, TEXT_box_ticket_words, "");
    put_box(p, 808, TEXT_box_result, TEXT_box_result_words, "");
    html_put(&p->h, "</svg></div>\n");
}

enum err
page_about(struct page *p)
{
    static const enum text STEPS[][2] = {
        {TEXT_about_1, TEXT_about_1_words}, {TEXT_about_2, TEXT_about_2_words},
        {TEXT_about_3, TEXT_about_3_words}, {TEXT_about_4, TEXT_about_4_words},
        {TEXT_about_5, TEXT_about_5_words}, {TEXT_about_6, TEXT_about_6_words},
    };

    page_heading(p, NAV_ABOUT, TEXT_about_title, TEXT_about_lead);
    put_picture(p);
    html_put(&p->h, "<ol class=\"steps\">");
    for (size_t i = 0; i < sizeof STEPS / sizeof *STEPS; i++)
        html_put(&p->h, "<li><h2>{}</h2><p>{}</p></li>", H_TEXT(STEPS[i][0]), H_TEXT(STEPS[i][1]));
    html_put(&p->h,
             "</ol>\n<section class=\"panel\"><h2>{}</h2><p>{}</p><pre tabindex=\"0\"><code>printf '%s:%s' "
             "KEY ID | sha256sum</code></pre>"
             "<p><a class=\"button\" "
             "href=\"{}\">{}</a></p></section>\n<h2>{}</h2><ul><li>{}</li><li>{}</li><li>{}</li></ul>\n",
             H_T(about_check), H_T(about_check_words), H_PAGE(STR("/verify/")), H_T(nav_verify),
             H_T(about_limits), H_T(about_limit_1), H_T(about_limit_2), H_T(about_limit_3));
    page_end(p);
    return OK;
}
