// The workloads on Go, one processor: bench WORKLOAD COUNT ROUNDS. Prints what leash_bench prints; times are the CPU of the whole
// process, its collector's included.
package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"runtime"
	"sort"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

func cpu() float64 {
	var usage syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &usage)
	return float64(usage.Utime.Nano() + usage.Stime.Nano())
}

func median(values []float64) float64 {
	if len(values) > 1 {
		values = values[1:]
	}
	sort.Float64s(values)
	middle := len(values) / 2
	if len(values)%2 == 1 {
		return values[middle]
	}
	return (values[middle-1] + values[middle]) / 2
}

func measure(name string, round func(), rounds int, units int) {
	var times []float64
	for i := 0; i < rounds; i++ {
		began := cpu()
		round()
		times = append(times, (cpu()-began)/float64(units))
	}
	fmt.Printf("%s %.2f\n", name, median(times))
}

func spawnAwait(count, rounds int) {
	measure("ns", func() {
		for i := 0; i < count; i++ {
			done := make(chan struct{})
			go func() { close(done) }()
			<-done
		}
	}, rounds, count)
}

func gather(count, rounds int) {
	measure("ns", func() {
		var all sync.WaitGroup
		all.Add(count)
		for i := 0; i < count; i++ {
			go func() {
				runtime.Gosched()
				all.Done()
			}()
		}
		all.Wait()
	}, rounds, count)
}

func switching(count, rounds int) {
	measure("ns", func() {
		var both sync.WaitGroup
		both.Add(2)
		for i := 0; i < 2; i++ {
			go func() {
				for i := 0; i < count; i++ {
					runtime.Gosched()
				}
				both.Done()
			}()
		}
		both.Wait()
	}, rounds, 2*count)
}

func queue(count, rounds int) {
	for _, bound := range []int{1, 10, 100} {
		items := make(chan *int, bound)
		measure(fmt.Sprintf("queue_%d_ns", bound), func() {
			var both sync.WaitGroup
			both.Add(2)
			go func() {
				for i := 0; i < count; i++ {
					items <- nil
				}
				both.Done()
			}()
			go func() {
				for i := 0; i < count; i++ {
					<-items
				}
				both.Done()
			}()
			both.Wait()
		}, rounds, count)
	}
}

func resident() int {
	total := 0
	for path, key := range map[string]string{"/proc/self/smaps_rollup": "Rss:", "/proc/self/status": "VmPTE:"} {
		file, err := os.Open(path)
		if err != nil {
			continue
		}
		lines := bufio.NewScanner(file)
		for lines.Scan() {
			if strings.HasPrefix(lines.Text(), key) {
				kib, _ := strconv.Atoi(strings.Fields(lines.Text())[1])
				total += kib * 1024
			}
		}
		file.Close()
	}
	return total
}

func parkAndWake(count int, create, finish string) {
	var all sync.WaitGroup
	never := make(chan struct{})
	began := cpu()
	all.Add(count)
	for i := 0; i < count; i++ {
		go func() {
			<-never
			all.Done()
		}()
	}
	runtime.Gosched()
	fmt.Printf("%s %.2f\n", create, (cpu()-began)/float64(count))
	if create == "create_cold_ns" {
		fmt.Printf("resident %d\n", resident())
	}
	began = cpu()
	close(never)
	all.Wait()
	fmt.Printf("%s %.2f\n", finish, (cpu()-began)/float64(count))
}

func parkAndCancel(count int) {
	var all sync.WaitGroup
	cancels := make([]context.CancelFunc, count)
	began := cpu()
	all.Add(count)
	for i := range cancels {
		ctx, cancel := context.WithCancel(context.Background())
		cancels[i] = cancel
		go func() {
			timer := time.NewTimer(time.Hour)
			select {
			case <-timer.C:
			case <-ctx.Done():
				timer.Stop()
			}
			all.Done()
		}()
	}
	runtime.Gosched()
	fmt.Printf("create_sleeping_ns %.2f\n", (cpu()-began)/float64(count))
	began = cpu()
	for _, cancel := range cancels {
		cancel()
	}
	all.Wait()
	fmt.Printf("cancel_ns %.2f\n", (cpu()-began)/float64(count))
}

func parked(count, rounds int) {
	fmt.Printf("resident_before %d\n", resident())
	parkAndWake(count, "create_cold_ns", "finish_cold_ns")
	parkAndWake(count, "create_ns", "finish_ns")
	parkAndCancel(count)
}

func main() {
	runtime.GOMAXPROCS(1)
	workloads := map[string]func(int, int){
		"spawn_await": spawnAwait, "gather": gather, "switch": switching, "queue": queue, "parked": parked,
	}
	count, _ := strconv.Atoi(os.Args[2])
	rounds, _ := strconv.Atoi(os.Args[3])
	workloads[os.Args[1]](count, rounds)
}
