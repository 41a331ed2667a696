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
#include <leash/queue.h>
#include <leash/semaphore.h>
#include <leash/event.h>
#include <leash/condition.h>
#include <leash/barrier.h>
#include <leash/group.h>
#include <leash/generator.h>
#include <leash/claim.h>
#include <leash/loop.h>
#include <leash/fd.h>
#include <leash/file.h>
#include <leash/stream.h>
#include <leash/server.h>
#include <leash/leaks.h>
#include <leash/local.h>
#include <leash/names.h>
#include <leash/process.h>
#include <leash/remote.h>
#include <leash/scan.h>
#include <leash/signal.h>
#include <leash/suppress.h>
#include <leash/thread.h>
#include <leash/udp.h>
#include <leash/uv.h>
#include <leash/waker.h>

#ifdef __cplusplus
#include <leash/cxx.h>
#endif

#endif
