/* mingqian.toml says what it says; everything else is refused with its line. */
#include "base/test.h"
#include "config.h"

static struct app_config c;
static struct config_fault fault;

static enum err
parse(const char *text)
{
    c = (struct app_config) {.database = "before"};
    return config_parse(str_of(text), &c, &fault);
}

TEST(texts_numbers_and_booleans_are_read_with_comments_and_blank_lines)
{
    EXPECT(parse("# 明签\n\nname = \"某市 \\\"双随机\\\" 办公室\"  # shown\nthreads = 6\nhttps = true # behind nginx\ntls = true\nquiet=false\n"
                 "listen = \"unix:/run/mingqian/http.sock\"\r\n") == OK);
    EXPECT(strcmp(c.name, "某市 \"双随机\" 办公室") == 0 && c.threads == 6 && c.https && c.tls && !c.quiet);
    EXPECT(strcmp(c.listen, "unix:/run/mingqian/http.sock") == 0 && strcmp(c.database, "before") == 0);
    EXPECT(parse("") == OK);
}

TEST(an_unknown_key_is_refused_with_its_line)
{
    EXPECT(parse("name = \"x\"\n\nnmae = \"x\"\n") == ERR_INPUT && fault.line == 3 && strcmp(fault.what, "? nmae") == 0);
    EXPECT(parse("[server]\n") == ERR_SYNTAX && fault.line == 1);
}

TEST(a_key_twice_or_of_another_type_is_refused)
{
    EXPECT(parse("name = \"x\"\nname = \"y\"\n") == ERR_DUPLICATE && fault.line == 2);
    EXPECT(parse("threads = \"4\"\n") == ERR_INPUT && parse("threads = -1\n") == ERR_INPUT && parse("threads = 1.5\n") == ERR_INPUT);
    EXPECT(parse("threads = 99999999\n") == ERR_RANGE && parse("https = 1\n") == ERR_INPUT && parse("https = TRUE\n") == ERR_INPUT);
    EXPECT(parse("name = x\n") == ERR_INPUT);
}

TEST(malformed_lines_are_refused)
{
    EXPECT(parse("name\n") == ERR_SYNTAX && parse("name = \"x\n") == ERR_SYNTAX && parse("name = \"x\" y\n") == ERR_SYNTAX);
    EXPECT(parse("name = \"\\q\"\n") == ERR_SYNTAX && parse("https = true false\n") == ERR_SYNTAX);
    EXPECT(parse("name = \"a\tb\"\n") == ERR_CHARSET);
}

TEST_MAIN(T(texts_numbers_and_booleans_are_read_with_comments_and_blank_lines), T(an_unknown_key_is_refused_with_its_line),
          T(a_key_twice_or_of_another_type_is_refused), T(malformed_lines_are_refused))
