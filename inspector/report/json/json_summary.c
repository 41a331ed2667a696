/* A run in figures. */
#include "json/json.h"
#include "picture.h"

/* null for what is not known. */
static json_t *figure(int64_t value)
{
    return value < 0 ? json_null() : json_integer(value);
}

static json_t *figures_of(const struct model_figures *figures)
{
    const struct {
        const char *name;
        int64_t value;
    } all[] = {{"tasks", figures->tasks},         {"done", figures->done},       {"failed", figures->failed},
               {"cancelled", figures->cancelled}, {"pending", figures->pending}, {"joined", figures->joined},
               {"coroutines", figures->coros},    {"awaited", figures->awaited}, {"retrieved", figures->retrieved},
               {"futures", figures->futures},     {"objects", figures->objects}, {"awaits", figures->awaits},
               {"cancels", figures->cancels},     {"events", figures->events},   {"steps", figures->steps},
               {"bytes", figures->bytes}};
    json_t *object = json_object();
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        json_object_set_new(object, all[i].name, figure(all[i].value));
    return object;
}

static json_t *record_of(const struct model_record *record)
{
    if (!record->label)
        return json_null();
    return json_pack("{so,so,so,so}", "id", json_ref(record->ref), "label", json_words(record->label), "ns",
                     json_time(record->ns), "site", json_site(&record->site));
}

static json_t *sites_of(const struct model_summary *summary)
{
    json_t *sites = json_array();
    for (size_t i = 0; i < summary->sites_count; i++)
        json_array_append_new(sites, json_pack("{so,sI,sI,sI}", "site", json_site(&summary->sites[i].site), "tasks",
                                               (json_int_t)summary->sites[i].tasks, "coroutines",
                                               (json_int_t)summary->sites[i].coros, "awaits",
                                               (json_int_t)summary->sites[i].awaits));
    return sites;
}

static json_t *classes_of(const struct model_summary *summary)
{
    json_t *classes = json_object();
    for (size_t i = 0; i < summary->classes_count; i++)
        json_object_set_new(classes, summary->classes[i].class,
                            json_pack("{sI,sI}", "leaks", (json_int_t)summary->classes[i].leaks, "suppressed",
                                      (json_int_t)summary->classes[i].suppressed));
    return classes;
}

void json_summary(const struct report_options *options, const struct report_trace *trace,
                  const struct model_summary *summary)
{
    const struct model_run *run = &summary->run;
    json_t *object = json_pack("{ss,so,so,sI,sI,so}", "schema", "leash.summary/1", "path", json_words(trace->path),
                               "note", json_words(trace->snapshot->note), "leaks", (json_int_t)trace->verdict.leaks,
                               "suppressed", (json_int_t)summary->suppressed, "classes", classes_of(summary));
    json_object_set_new(object, "run",
                        json_pack("{so,ss,so,sI,so}", "argv", json_words(run->argv), "ending",
                                  report_ending(run->ending), "ended_ns", json_time(run->ended_ns), "dropped",
                                  (json_int_t)run->dropped, "level", json_words(run->level)));
    json_object_set_new(object, "figures", figures_of(&summary->figures));
    json_object_set_new(object, "slowest_wait", record_of(&summary->slowest_wait));
    json_object_set_new(object, "longest_life", record_of(&summary->longest_life));
    json_object_set_new(object, "longest_run", record_of(&summary->longest_run));
    json_object_set_new(object, "busiest", sites_of(summary));
    json_print(options, object);
}
