/* leash: an event loop runtime for C that keeps every task on a leash. See README.md. */
#ifndef LEASH_H
#define LEASH_H

#include <leash/site.h>
#include <leash/coro.h>
#include <leash/task.h>
#include <leash/future.h>
#include <leash/await.h>
#include <leash/timeout.h>
#include <leash/defer.h>
#include <leash/lock.h>
#include <leash/group.h>
#include <leash/generator.h>
#include <leash/claim.h>
#include <leash/loop.h>
#include <leash/local.h>
#include <leash/scan.h>
#include <leash/suppress.h>

#ifdef __cplusplus
#include <leash/cxx.h>
#endif

#endif
