/* data/data.c - finding and cutting the embedded tables */
#include "data/data.h"

struct str
data_find(struct str name)
{
    for (size_t i = 0; i < data_file_count; i++)
        if (str_eq(str_of(data_files[i].name), name))
            return data_files[i].bytes;
    return (struct str){0};
}

bool
data_line(struct str *rest, struct str *line)
{
    if (rest->n == 0)
        return false;
    str_split(*rest, '\n', line, rest);
    return true;
}

size_t
data_fields(struct str line, struct str *fields, size_t max)
{
    size_t count = 0;

    for (bool more = true; more; count++) {
        struct str field;

        more = str_split(line, ',', &field, &line);
        if (count < max)
            fields[count] = field;
    }
    return count;
}

bool
data_has(struct str name, struct str code)
{
    struct str rest = data_find(name), line, head, tail;

    (void) data_line(&rest, &line); /* the names of the columns */
    while (data_line(&rest, &line))
        if (str_split(line, ',', &head, &tail) && str_eq(head, code))
            return true;
    return false;
}
