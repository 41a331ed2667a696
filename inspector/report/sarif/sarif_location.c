/* Places and messages of SARIF. */
#include "sarif/sarif.h"
#include "escape.h"
#include "utf8.h"

#include <ctype.h>
#include <string.h>

/* "[text](1)" would be a link and "{0}" a placeholder: the standard's escapes for both. */
static void add_literal(struct buffer *out, const char *text)
{
    bool links = strstr(text, "](") != NULL;
    for (; *text; text++) {
        bool brace = (*text == '{' && isdigit((unsigned char)text[1])) || *text == '}';
        if (links && strchr("[]\\", *text))
            buffer_add(out, "\\");
        if (brace)
            buffer_add_bytes(out, text, 1);
        buffer_add_bytes(out, text, 1);
    }
}

json_t *sarif_message(const struct report_options *options, const char *words)
{
    struct buffer literal = {0}, shown = {0};
    for (const char *end; *words; words = end + (*end == '\n')) {
        end = strchrnul(words, '\n');
        escape_add(&shown, words, (size_t)(end - words), options->ascii);
        buffer_add(&shown, *end == '\n' ? "\n" : "");
    }
    add_literal(&literal, buffer_text(&shown));
    json_t *message = json_pack("{so}", "text", json_words(buffer_text(&literal)));
    buffer_free(&literal);
    buffer_free(&shown);
    return message;
}

/* ---- URIs ---- */

/* Takes the last segment of "a/b" away; false: there is none that could be. */
static bool drop_segment(struct buffer *path)
{
    const char *text = buffer_text(path), *slash = strrchr(text, '/');
    const char *last = slash ? slash + 1 : text;
    if (path->length == 0 || strcmp(last, "..") == 0)
        return false;
    path->length = slash ? (size_t)(slash - text) : 0;
    path->text[path->length] = '\0';
    return true;
}

/* Without "." and without ".." but at the beginning of a relative one. */
static void normalise(struct buffer *out, const char *path)
{
    bool absolute = *path == '/';
    for (const char *end; *path; path = end + strspn(end, "/")) {
        end = strchrnul(path, '/');
        size_t length = (size_t)(end - path);
        if (length == 0 || (length == 1 && *path == '.'))
            continue;
        if (length == 2 && strncmp(path, "..", 2) == 0 && (drop_segment(out) || absolute))
            continue;
        buffer_add(out, out->length ? "/" : "");
        buffer_add_bytes(out, path, length);
    }
}

static void add_encoded(struct buffer *out, const char *path)
{
    for (; *path; path++) {
        bool plain = isalnum((unsigned char)*path) || strchr("-._~/", *path);
        if (plain && (unsigned char)*path < 0x80)
            buffer_add_bytes(out, path, 1);
        else
            buffer_format(out, "%%%02X", (unsigned char)*path);
    }
}

json_t *sarif_artifact(const char *path)
{
    struct buffer normal = {0}, uri = {0};
    bool absolute = *path == '/';
    normalise(&normal, path);
    bool outside = strncmp(buffer_text(&normal), "../", 3) == 0;
    buffer_add(&uri, absolute ? "file:///" : normal.length ? "" : ".");
    add_encoded(&uri, buffer_text(&normal));
    json_t *artifact = json_pack("{ss}", "uri", buffer_text(&uri));
    if (!absolute && !outside && normal.length)
        json_object_set_new(artifact, "uriBaseId", json_string(SARIF_ROOT));
    buffer_free(&normal);
    buffer_free(&uri);
    return artifact;
}

/* ---- places ---- */

static json_t *physical(const char *file, int line)
{
    json_t *place = json_pack("{so}", "artifactLocation", sarif_artifact(file));
    if (line > 0)
        json_object_set_new(place, "region", json_pack("{si}", "startLine", line));
    return place;
}

json_t *sarif_location(const struct report_options *options, const char *file, int line, const char *func,
                       const char *words)
{
    json_t *location = json_object();
    struct buffer name = {0};
    if (file)
        json_object_set_new(location, "physicalLocation", physical(source_relative(&options->source, file), line));
    if (func) {
        escape_text(&name, func, options->ascii);
        json_object_set_new(
            location, "logicalLocations",
            json_pack("[{so,ss}]", "fullyQualifiedName", json_words(buffer_text(&name)), "kind", "function"));
        buffer_free(&name);
    }
    if (words)
        json_object_set_new(location, "message", sarif_message(options, words));
    return location;
}

/* Columns are counted in characters. */
static size_t column_of(const char *line, const char *at)
{
    size_t column = 1;
    for (; line < at; line++)
        column += !utf8_goes_on(*line);
    return column;
}

json_t *sarif_site(const struct report_options *options, const struct model_site *site, int64_t began_unix_ns)
{
    struct source_lines source;
    json_t *location = sarif_location(options, site->file, site->line, site->func, NULL);
    json_t *region = json_object_get(json_object_get(location, "physicalLocation"), "region");
    if (!region)
        return location;
    source_read(&options->source, site->file, site->line, began_unix_ns, &source);
    if (!source.found)
        return location;
    json_object_set_new(region, "snippet", json_pack("{so}", "text", json_words(source.line)));
    const char *at = source_find(source.line, site->expr);
    if (at) {
        json_object_set_new(region, "startColumn", json_integer((json_int_t)column_of(source.line, at)));
        json_object_set_new(region, "endColumn",
                            json_integer((json_int_t)column_of(source.line, at + strlen(site->expr))));
    }
    return location;
}
