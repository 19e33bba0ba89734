// The measurements of store-bench on docker/go-events: the watch queue of SwarmKit, rebuilt from the parts that it is made
// of, under the same work as ours.
//
// What is measured, and how, is said in ../src/watch/measure.rs; this file follows it name by name, so that the two can be
// read side by side. It prints one line of JSON.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"runtime"
	"sort"
	"sync"
	"time"

	events "github.com/docker/go-events"
)

// Changed is what is published.
type Changed struct {
	ID     uint64
	Object *string
}

// Peer is a broadcaster, which visits every watcher with every event.
type Peer struct{ broadcaster *events.Broadcaster }

// Watcher is a filter, then an unbounded buffer with a task of its own, then a channel.
type Watcher struct {
	sink    events.Sink
	channel *events.Channel
}

func newPeer(watchers ...*Watcher) *Peer {
	sinks := make([]events.Sink, len(watchers))
	for i, watcher := range watchers {
		sinks[i] = watcher.sink
	}
	return &Peer{events.NewBroadcaster(sinks...)}
}

// must ends the process: nothing here fails unless the harness is wrong.
func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "events:", err)
		os.Exit(1)
	}
}

func (p *Peer) publish(event *Changed) { must(p.broadcaster.Write(event)) }

func newWatcher(id uint64) *Watcher {
	channel := events.NewChannel(0)
	matcher := events.MatcherFunc(func(event events.Event) bool {
		changed, ok := event.(*Changed)
		return ok && changed.ID == id
	})
	return &Watcher{events.NewFilter(events.NewQueue(channel), matcher), channel}
}

func newWatchers(count int, id func(int) uint64) []*Watcher {
	watchers := make([]*Watcher, count)
	for i := range watchers {
		watchers[i] = newWatcher(id(i))
	}
	return watchers
}

func (p *Peer) watch(id uint64) *Watcher {
	watcher := newWatcher(id)
	must(p.broadcaster.Add(watcher.sink))
	return watcher
}

// unwatch is what SwarmKit's cancel function does.
func (p *Peer) unwatch(watcher *Watcher) {
	must(p.broadcaster.Remove(watcher.sink))
	watcher.close()
}

// close ends the buffer's task, which drops what the watcher has not taken.
func (w *Watcher) close() {
	must(w.channel.Close())
	must(w.sink.Close())
}

func closeAll(peer *Peer, watchers []*Watcher) {
	for _, watcher := range watchers {
		must(watcher.channel.Close())
	}
	must(peer.broadcaster.Close())
}

func (w *Watcher) take() *Changed { return (<-w.channel.C).(*Changed) }

func takeAll(watchers []*Watcher) {
	for _, watcher := range watchers {
		watcher.take()
	}
}

// Scale is how many watchers there are, and how long they are measured: see ../src/watch/args.rs.
type Scale struct {
	rounds                      int
	round                       time.Duration
	watchers, existing          []int
	idle, besideStuck, notTaken int
}

var full = Scale{5, 100 * time.Millisecond, []int{1, 10, 100, 1000, 10000}, []int{1, 1000, 100000}, 100000, 1000, 100000}

var quick = Scale{3, 20 * time.Millisecond, []int{1, 10, 100}, []int{1, 100}, 1000, 10, 2000}

// perUnit returns the median over the rounds of nanoseconds for each unit of work; batch returns how many it did.
func (s *Scale) perUnit(batch func() int) float64 {
	figures := make([]float64, s.rounds)
	for i := range figures {
		units, begin := 0, time.Now()
		took := time.Duration(0)
		for took < s.round {
			units += batch()
			took = time.Since(begin)
		}
		figures[i] = float64(took.Nanoseconds()) / float64(units)
	}
	sort.Float64s(figures)
	return figures[len(figures)/2]
}

// Figure is a figure of one case with so many watchers.
type Figure struct {
	Case        string  `json:"case"`
	Subscribers int     `json:"subscribers"`
	Value       float64 `json:"value"`
}

const id, publicationsABatch = 0, 16

// Measurement is what is being measured, and the figures so far.
type Measurement struct {
	scale   *Scale
	object  string
	figures []Figure
}

func (m *Measurement) add(name string, subscribers int, value float64) {
	m.figures = append(m.figures, Figure{name, subscribers, value})
}

func (m *Measurement) event() *Changed { return &Changed{id, &m.object} }

func own(int) uint64 { return id }

// publishPastOthers: the broadcaster takes the next event when it has shown this one to all watchers.
func (m *Measurement) publishPastOthers() {
	none := 0.0
	for _, count := range append([]int{0}, m.scale.watchers...) {
		watchers := newWatchers(count, func(i int) uint64 { return id + 1 + uint64(i) })
		watchers = append(watchers, newWatcher(id))
		peer := newPeer(watchers...)
		figure := m.scale.perUnit(func() int {
			for i := 0; i < publicationsABatch; i++ {
				peer.publish(m.event())
				watchers[count].take()
			}
			return publicationsABatch
		})
		closeAll(peer, watchers)
		m.add("publish-past-others", count, figure)
		if count == 0 {
			none = figure
		} else {
			m.add("against-none", count, figure/none)
		}
	}
}

func (m *Measurement) deliver() {
	for _, count := range m.scale.watchers {
		watchers := newWatchers(count, own)
		peer := newPeer(watchers...)
		m.add("deliver", count, m.delivered(peer, watchers))
		closeAll(peer, watchers)
	}
}

func (m *Measurement) delivered(peer *Peer, watchers []*Watcher) float64 {
	return m.scale.perUnit(func() int {
		peer.publish(m.event())
		takeAll(watchers)
		return 1
	})
}

// deliverToTasks: each watcher is a task.
func (m *Measurement) deliverToTasks() {
	for _, count := range m.scale.watchers {
		watchers := newWatchers(count, own)
		peer := newPeer(watchers...)
		var missing sync.WaitGroup
		for _, watcher := range watchers {
			go func(watcher *Watcher) {
				for {
					select {
					case <-watcher.channel.C:
						missing.Done()
					case <-watcher.channel.Done():
						return
					}
				}
			}(watcher)
		}
		figure := m.scale.perUnit(func() int {
			missing.Add(count)
			peer.publish(m.event())
			missing.Wait()
			return 1
		})
		closeAll(peer, watchers)
		m.add("deliver-to-tasks", count, figure)
	}
}

func (m *Measurement) subscribeAndDrop() {
	for _, count := range m.scale.existing {
		watchers := newWatchers(count, func(i int) uint64 { return uint64(i * (i % 2)) })
		peer := newPeer(watchers...)
		figure := m.scale.perUnit(func() int {
			for i := 0; i < publicationsABatch; i++ {
				peer.unwatch(peer.watch(id))
			}
			return publicationsABatch
		})
		closeAll(peer, watchers)
		m.add("subscribe-and-drop", count, figure)
	}
}

// inUse is what the heap and the stacks of tasks hold.
func inUse() float64 {
	var stats runtime.MemStats
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&stats)
	return float64(stats.HeapAlloc) + float64(stats.StackInuse)
}

func (m *Measurement) memory() {
	idle := m.scale.idle
	before := inUse()
	watchers := newWatchers(idle, own)
	peer := newPeer(watchers...)
	m.add("idle-bytes", idle, (inUse()-before)/float64(idle))
	for i := 0; i < 2; i++ {
		peer.publish(m.event())
		takeAll(watchers)
	}
	m.add("drained-bytes", idle, (inUse()-before)/float64(idle))
	closeAll(peer, watchers)
}

func (m *Measurement) stuck() {
	count := m.scale.besideStuck
	watchers := newWatchers(count, own)
	peer := newPeer(watchers...)
	without := m.delivered(peer, watchers)
	stuck := peer.watch(id)
	beside := m.delivered(peer, watchers)
	closeAll(peer, append(watchers, stuck))
	m.add("deliver-beside-stuck", count, beside)
	m.add("against-no-stuck", count, beside/without)

	before := inUse()
	stuck = newWatcher(id)
	peer = newPeer(stuck)
	for i := 0; i < m.scale.notTaken; i++ {
		peer.publish(m.event())
	}
	m.add("stuck-bytes", 1, inUse()-before)
	closeAll(peer, []*Watcher{stuck})
}

func main() {
	small := flag.Bool("quick", false, "few rounds, few watchers")
	flag.Parse()
	scale := &full
	if *small {
		scale = &quick
	}
	m := &Measurement{scale: scale, object: "object"}
	// First, so that what the others leave behind on their way out is not counted.
	m.memory()
	m.publishPastOthers()
	m.deliver()
	m.deliverToTasks()
	m.subscribeAndDrop()
	m.stuck()
	must(json.NewEncoder(os.Stdout).Encode(m.figures))
}
