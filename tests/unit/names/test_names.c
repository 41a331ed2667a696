/* Names of frames: of a library with everything in it, stripped to the bone, with its debug file elsewhere, replaced by
 * another build, and of what is no library at all. */
#include "test.h"

#include <dlfcn.h>
#include <fold.h>
#include <link.h>
#include <names.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* A frame to be named, and what is known of it. */
struct frame {
    uint64_t offset;
    int line;
};

static struct victim {
    const char *path;
    char build_id[100];
    struct frame plain, in_static, inlined;
} victim, anonymous; /* anonymous: the same code without a build-id */

static char folder[] = "/tmp/test_names.XXXXXX";

/* Runs a shell command in the test's folder. */
static void shell(const char *format, ...) __attribute__((format(printf, 1, 2)));
static void shell(const char *format, ...)
{
    char command[4096];
    int used = snprintf(command, sizeof(command), "cd %s && ", folder);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(command + used, sizeof(command) - (size_t)used, format, arguments);
    va_end(arguments);
    if (system(command) != 0)
        fail_msg("failed: %s", command);
}

static const char *in_folder(const char *name)
{
    static char paths[4][300];
    static unsigned next;
    char *path = paths[next++ % 4];
    snprintf(path, sizeof(paths[0]), "%s/%s", folder, name);
    return path;
}

static bool name(const char *module, const char *build_id, uint64_t offset, struct leash_frame_name *out)
{
    static struct leash_names *names;
    leash_names_free(names); /* strings of the call before go only now */
    memset(out, 0, sizeof(*out));
    assert_int_equal(leash_names_new(&names), 0);
    assert_int_equal(leash_names_debug_folder(names, in_folder("debug")), 0);
    return leash_names_frame(names, module, build_id, offset, out);
}

static bool ends_with(const char *text, const char *end)
{
    size_t length = text ? strlen(text) : 0, tail = strlen(end);
    return length >= tail && strcmp(text + length - tail, end) == 0;
}

static void expect_all(const char *module, const struct victim *of)
{
    struct leash_frame_name got;
    const struct {
        const struct frame *frame;
        const char *func;
    } expected[] = {{&of->plain, "victim_plain"}, {&of->in_static, "victim_static"}, {&of->inlined, "victim_inlined"}};
    for (size_t i = 0; i < 3; i++) {
        assert_true(name(module, of->build_id, expected[i].frame->offset, &got));
        assert_string_equal(got.func, expected[i].func);
        assert_true(ends_with(got.file, "/names/victim.c"));
        assert_int_equal(got.line, expected[i].frame->line);
    }
}

static void expect_function_only(const char *module, const struct victim *of, const struct frame *frame,
                                 const char *func)
{
    struct leash_frame_name got;
    assert_true(name(module, of->build_id, frame->offset, &got));
    assert_string_equal(got.func, func);
    assert_null(got.file);
    assert_int_equal(got.line, 0);
}

static void expect_nothing(const char *module, const char *build_id, uint64_t offset)
{
    struct leash_frame_name got;
    assert_false(name(module, build_id, offset, &got));
}

/* ---- what is in the file itself ---- */

static void all_is_there(void **state)
{
    (void)state;
    expect_all(victim.path, &victim);
    expect_all(anonymous.path, &anonymous);
}

/* clang writes none. */
static void without_a_table_of_address_ranges(void **state)
{
    (void)state;
    shell("objcopy --remove-section=.debug_aranges %s noranges.so", victim.path);
    expect_all(in_folder("noranges.so"), &victim);
}

static void without_debug_sections_functions_are_named(void **state)
{
    (void)state;
    shell("strip --strip-debug -o nolines.so %s", victim.path);
    expect_function_only(in_folder("nolines.so"), &victim, &victim.plain, "victim_plain");
    expect_function_only(in_folder("nolines.so"), &victim, &victim.in_static, "victim_static");
    expect_function_only(in_folder("nolines.so"), &victim, &victim.inlined, "victim_outer");
}

/* The nearest exported name would mislead. */
static void stripped_statics_stay_without_a_name(void **state)
{
    (void)state;
    shell("strip -o stripped.so %s", victim.path);
    expect_function_only(in_folder("stripped.so"), &victim, &victim.plain, "victim_plain");
    expect_nothing(in_folder("stripped.so"), victim.build_id, victim.in_static.offset);
}

/* ---- debug files elsewhere ---- */

static void debug_file_by_build_id(void **state)
{
    (void)state;
    shell("mkdir -p debug/.build-id/%.2s && strip -o one.so %s", victim.build_id, victim.path);
    shell("objcopy --only-keep-debug %s debug/.build-id/%.2s/%s.debug", victim.path, victim.build_id,
          victim.build_id + 2);
    expect_all(in_folder("one.so"), &victim);
    expect_all("/nowhere/on/this/machine.so", &victim); /* the debug file alone will do */
    shell("cp %s debug/.build-id/%.2s/%s.debug", anonymous.path, victim.build_id, victim.build_id + 2);
    expect_nothing(in_folder("one.so"), victim.build_id, victim.in_static.offset); /* it is another build's */
    shell("rm -r debug");
}

static void debug_file_by_link(void **state)
{
    (void)state;
    static const char *const places[] = {".", ".debug", "debug"};
    for (size_t i = 0; i < 3; i++) {
        const char *under = i == 2 ? folder : "";
        shell("strip -o linked.so %s && objcopy --only-keep-debug %s linked.debug", anonymous.path, anonymous.path);
        shell("objcopy --add-gnu-debuglink=linked.debug linked.so && mkdir -p %s%s", places[i], under);
        if (i)
            shell("mv linked.debug %s%s", places[i], under);
        expect_all(in_folder("linked.so"), &anonymous);
        shell("echo >>%s%s/linked.debug", places[i], under); /* the checksum is wrong now */
        expect_nothing(in_folder("linked.so"), "", anonymous.in_static.offset);
        shell("rm %s%s/linked.debug", places[i], under);
    }
}

static void link_to_itself_ends(void **state)
{
    (void)state;
    shell("strip -o self.so %s && cp self.so other && mv other self && objcopy --add-gnu-debuglink=self.so self",
          anonymous.path);
    shell("mv self self.so");
    expect_function_only(in_folder("self.so"), &anonymous, &anonymous.plain, "victim_plain");
}

/* ---- not the file that ran ---- */

static void another_build_is_not_used(void **state)
{
    (void)state;
    expect_nothing(victim.path, "00112233445566778899", victim.plain.offset);
    expect_nothing(victim.path, "", victim.plain.offset);
    expect_nothing(anonymous.path, victim.build_id, victim.plain.offset);
}

static void hostile_modules(void **state)
{
    (void)state;
    shell("mkfifo pipe; mkdir -p directory; : >empty; printf '\\177ELF' >short; ln -s loop loop; mkdir -p .build-id");
    static const char *const names[] = {"pipe", "directory", "empty", "short", "loop", "missing"};
    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
        expect_nothing(in_folder(names[i]), "", 0x1000);
    static const char *const paths[] = {"", "/", "/dev/zero", "/dev/tty", "/dev/stdin", "linux-vdso.so.1", "[vdso]"};
    for (size_t i = 0; i < sizeof(paths) / sizeof(*paths); i++)
        expect_nothing(paths[i], "", 0x1000);
    expect_nothing(NULL, NULL, 0);
    static const char *const ids[] = {"../../../../etc/passwd", "ab", "a", "ab/../cd", "ABCDEF", "zz11", "%s%n"};
    for (size_t i = 0; i < sizeof(ids) / sizeof(*ids); i++)
        expect_nothing(victim.path, ids[i], victim.plain.offset);
    char huge[10000];
    memset(huge, 'a', sizeof(huge) - 1);
    huge[sizeof(huge) - 1] = '\0';
    expect_nothing(huge, huge, 1);
}

static void offsets_beyond_the_code(void **state)
{
    (void)state;
    static const uint64_t offsets[] = {0, 1, UINT64_MAX, UINT64_MAX / 2, UINT64_C(1) << 40, 0xffffffff};
    for (size_t i = 0; i < sizeof(offsets) / sizeof(*offsets); i++) {
        expect_nothing(victim.path, victim.build_id, offsets[i]);
        expect_nothing(anonymous.path, "", offsets[i]);
    }
}

/* Cut short anywhere, and with bytes turned over. */
static void name_in_damaged_files(const unsigned char *whole, size_t size)
{
    struct leash_frame_name got;
    unsigned random = 12345;
    for (int round = 0; round < 300; round++) {
        static unsigned char damaged[1 << 20];
        size_t keep = size;
        memcpy(damaged, whole, size);
        for (int flips = 0; flips < 20; flips++) {
            random = random * 1103515245 + 12345;
            size_t at = random % (round % 3 ? size : 4096); /* every third time the headers */
            damaged[at] = (unsigned char)(random >> 16);
        }
        memcpy(damaged, whole, 4);
        if (round % 4 == 0)
            keep = random % size;
        FILE *file = fopen(in_folder("damaged.so"), "w");
        if (!file || fwrite(damaged, 1, keep, file) != keep)
            _exit(1);
        fclose(file);
        name(in_folder("damaged.so"), "", anonymous.plain.offset, &got);
        name(in_folder("damaged.so"), "", anonymous.inlined.offset, &got);
    }
}

/* Some answer, no crash. In a child, which does not end by exit(): libdw itself leaks what it had read of such a file.
 */
static void damaged_files(void **state)
{
    (void)state;
    static unsigned char whole[1 << 20];
    FILE *file = fopen(anonymous.path, "r");
    assert_non_null(file);
    size_t size = fread(whole, 1, sizeof(whole), file);
    fclose(file);
    assert_in_range(size, 1000, sizeof(whole) - 1);
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        name_in_damaged_files(whole, size);
        _exit(0);
    }
    int status = -1;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
}

/* ---- many, and how to print none ---- */

static void a_thousand_frames_take_no_time(void **state)
{
    (void)state;
    struct leash_names *names;
    struct leash_frame_name got;
    struct timespec began, ended;
    assert_int_equal(leash_names_new(&names), 0);
    clock_gettime(CLOCK_MONOTONIC, &began);
    for (int i = 0; i < 1000; i++) {
        assert_true(leash_names_frame(names, victim.path, victim.build_id, victim.inlined.offset, &got));
        leash_names_frame(names, "/nowhere", "", 5, &got); /* nothing found is remembered too */
    }
    clock_gettime(CLOCK_MONOTONIC, &ended);
    leash_names_free(names);
    assert_true(ended.tv_sec - began.tv_sec <= 2);
}

/* A hostile trace names thousands: files are not kept open without bound. */
static void modules_without_number(void **state)
{
    (void)state;
    struct leash_names *names;
    struct leash_frame_name got;
    char path[1000];
    int before = dup(0);
    close(before);
    assert_int_equal(leash_names_new(&names), 0);
    for (size_t i = 0; i < 400; i++) { /* one file by many names: ///tmp/... */
        memset(path, '/', i);
        snprintf(path + i, sizeof(path) - i, "%s", anonymous.path);
        leash_names_frame(names, path, "", 1, &got);
    }
    int now = dup(0);
    assert_in_range(now, before, before + 300);
    close(now);
    leash_names_free(names);
    now = dup(0);
    assert_int_equal(now, before);
    close(now);
}

static void frames_without_a_name_are_printed(void **state)
{
    (void)state;
    char text[40];
    assert_int_equal(leash_names_plain(text, sizeof(text), "/usr/lib/libfoo.so.1", 0x1234), 18);
    assert_string_equal(text, "libfoo.so.1+0x1234");
    leash_names_plain(text, sizeof(text), "plain", 0);
    assert_string_equal(text, "plain+0x0");
    leash_names_plain(text, sizeof(text), "", UINT64_MAX);
    assert_string_equal(text, "0xffffffffffffffff");
    leash_names_plain(text, sizeof(text), NULL, 16);
    assert_string_equal(text, "0x10");
    assert_int_equal(leash_names_plain(text, 4, "libfoo.so", 1), 13);
    assert_string_equal(text, "lib");
    leash_names_free(NULL);
}

/* ---- setting up ---- */

static int find_id(struct dl_phdr_info *info, size_t size, void *argument)
{
    struct victim *of = argument;
    (void)size;
    if (strcmp(info->dlpi_name, of->path) != 0)
        return 0;
    for (size_t i = 0; i < info->dlpi_phnum; i++) {
        const char *at = (const char *)info->dlpi_addr + info->dlpi_phdr[i].p_vaddr;
        const ElfW(Nhdr) *note = (const void *)at;
        if (info->dlpi_phdr[i].p_type != PT_NOTE || note->n_type != NT_GNU_BUILD_ID)
            continue;
        for (size_t j = 0; j < note->n_descsz; j++)
            snprintf(of->build_id + 2 * j, 3, "%02x", (unsigned char)at[sizeof(*note) + 4 + j]);
    }
    return 1;
}

static void ask(void *library, const char *symbol, struct frame *out)
{
    struct link_map *map = NULL;
    void *(*function)(int *);
    *(void **)&function = dlsym(library, symbol);
    assert_non_null(function);
    assert_int_equal(dlinfo(library, RTLD_DI_LINKMAP, &map), 0);
    out->offset = (uint64_t)(uintptr_t)function(&out->line) - map->l_addr;
}

static void load(const char *path, struct victim *out)
{
    out->path = path;
    void *library = dlopen(path, RTLD_NOW);
    if (!library)
        fail_msg("%s", dlerror());
    ask(library, "victim_plain", &out->plain);
    ask(library, "victim_calls_static", &out->in_static);
    ask(library, "victim_outer", &out->inlined);
    dl_iterate_phdr(find_id, out);
}

static int set_up(void **state)
{
    (void)state;
    assert_non_null(mkdtemp(folder));
    load(VICTIM, &victim);
    load(ANONYMOUS, &anonymous);
    assert_true(strlen(victim.build_id) >= 20);
    assert_string_equal(anonymous.build_id, "");
    return 0;
}

static int tear_down(void **state)
{
    struct leash_frame_name got;
    (void)state;
    name("", "", 0, &got);
    shell("rm -rf %s", folder);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_is_there),
        cmocka_unit_test(without_a_table_of_address_ranges),
        cmocka_unit_test(without_debug_sections_functions_are_named),
        cmocka_unit_test(stripped_statics_stay_without_a_name),
        cmocka_unit_test(debug_file_by_build_id),
        cmocka_unit_test(debug_file_by_link),
        cmocka_unit_test(link_to_itself_ends),
        cmocka_unit_test(another_build_is_not_used),
        cmocka_unit_test(hostile_modules),
        cmocka_unit_test(offsets_beyond_the_code),
        cmocka_unit_test(damaged_files),
        cmocka_unit_test(a_thousand_frames_take_no_time),
        cmocka_unit_test(modules_without_number),
        cmocka_unit_test(frames_without_a_name_are_printed),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
