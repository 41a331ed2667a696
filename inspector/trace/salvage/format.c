#include "format.h"

#include <string.h>

uint32_t format_big32(const uint8_t *bytes)
{
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

uint32_t format_big16(const uint8_t *bytes)
{
    return (uint32_t)bytes[0] << 8 | bytes[1];
}

/* Bytes that it takes; 0: it goes beyond `length`. */
static size_t varint(const uint8_t *bytes, size_t length, uint64_t *out)
{
    uint64_t value = 0;
    for (size_t i = 0; i < 9 && i < length; i++) {
        if (i == 8) {
            *out = value << 8 | bytes[i];
            return 9;
        }
        value = value << 7 | (bytes[i] & 0x7f);
        if (!(bytes[i] & 0x80)) {
            *out = value;
            return i + 1;
        }
    }
    return 0;
}

static bool is_interior(enum format_page_type type)
{
    return type == FORMAT_INDEX_INTERIOR || type == FORMAT_TABLE_INTERIOR;
}

bool format_page_is_leaf(const struct format_page *page)
{
    return !is_interior(page->type);
}

bool format_page(const uint8_t *bytes, size_t usable, size_t header, struct format_page *out)
{
    enum format_page_type type = bytes[header];
    if (type != FORMAT_INDEX_INTERIOR && type != FORMAT_TABLE_INTERIOR && type != FORMAT_INDEX_LEAF &&
        type != FORMAT_TABLE_LEAF)
        return false;
    *out = (struct format_page){.type = type, .bytes = bytes, .usable = usable};
    out->cells = format_big16(bytes + header + 3);
    out->pointers = header + (is_interior(type) ? 12 : 8);
    if (is_interior(type))
        out->right = format_big32(bytes + header + 8);
    return out->pointers + 2 * (size_t)out->cells <= usable;
}

/* How many bytes of a payload lie in its cell. */
static size_t local_size(const struct format_page *page, size_t payload)
{
    size_t usable = page->usable;
    size_t most = page->type == FORMAT_TABLE_LEAF ? usable - 35 : (usable - 12) * 64 / 255 - 23;
    if (payload <= most)
        return payload;
    size_t least = (usable - 12) * 32 / 255 - 23;
    size_t local = least + (payload - least) % (usable - 4);
    return local <= most ? local : least;
}

bool format_cell(const struct format_page *page, unsigned index, struct format_cell *out)
{
    size_t at = format_big16(page->bytes + page->pointers + 2 * (size_t)index), used;
    uint64_t payload, rowid = 0;
    *out = (struct format_cell){0};
    if (at < page->pointers + 2 * (size_t)page->cells || at >= page->usable)
        return false;
    if (is_interior(page->type)) {
        if (page->usable - at < 4)
            return false;
        out->child = format_big32(page->bytes + at);
        at += 4;
    }
    if (page->type == FORMAT_TABLE_INTERIOR)
        return true;
    used = varint(page->bytes + at, page->usable - at, &payload);
    at += used;
    if (!used || payload == 0 || payload > INT32_MAX)
        return false;
    if (page->type == FORMAT_TABLE_LEAF) {
        used = varint(page->bytes + at, page->usable - at, &rowid);
        at += used;
        if (!used)
            return false;
    }
    out->rowid = (int64_t)rowid;
    out->payload = (size_t)payload;
    out->local = local_size(page, out->payload);
    out->bytes = page->bytes + at;
    size_t needed = out->local + (out->local < out->payload ? 4 : 0);
    if (needed > page->usable - at)
        return false;
    if (out->local < out->payload)
        out->overflow = format_big32(out->bytes + out->local);
    return true;
}

/* ---- records ---- */

static int64_t big_signed(const uint8_t *bytes, size_t length)
{
    uint64_t value = bytes[0] & 0x80 ? UINT64_MAX : 0;
    for (size_t i = 0; i < length; i++)
        value = value << 8 | bytes[i];
    return (int64_t)value;
}

/* The length of a value of a serial type; SIZE_MAX: there is no such type. */
static size_t serial_size(uint64_t serial)
{
    static const size_t sizes[] = {0, 1, 2, 3, 4, 6, 8, 8, 0, 0};
    if (serial < sizeof sizes / sizeof *sizes)
        return sizes[serial];
    if (serial < 12 || serial > INT32_MAX)
        return SIZE_MAX;
    return (size_t)(serial - 12) / 2;
}

static struct format_value value_of(uint64_t serial, const uint8_t *bytes, size_t length)
{
    struct format_value value = {.bytes = bytes, .length = length};
    if (serial == 0) {
        value.type = FORMAT_NULL;
    } else if (serial == 7) {
        uint64_t bits = (uint64_t)big_signed(bytes, 8);
        value.type = FORMAT_REAL;
        memcpy(&value.real, &bits, sizeof bits);
    } else if (serial < 10) {
        value.type = FORMAT_INTEGER;
        value.integer = serial >= 8 ? (int64_t)serial - 8 : big_signed(bytes, length);
    } else {
        value.type = serial & 1 ? FORMAT_TEXT : FORMAT_BLOB;
    }
    return value;
}

size_t format_record(const uint8_t *payload, size_t length, struct format_value *values)
{
    uint64_t header, serial;
    size_t at = varint(payload, length, &header), columns = 0;
    if (!at || header > length || header < at)
        return 0;
    size_t body = (size_t)header;
    while (at < header) {
        size_t used = varint(payload + at, (size_t)header - at, &serial);
        size_t size = used ? serial_size(serial) : SIZE_MAX;
        if (size == SIZE_MAX || size > length - body)
            return 0;
        if (columns < FORMAT_COLUMNS)
            values[columns] = value_of(serial, payload + body, size);
        columns++;
        body += size;
        at += used;
    }
    return columns;
}
