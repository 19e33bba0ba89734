// The measurements of store-bench on go-memdb: the same objects, the same work, the same figures.
//
// What is measured, and how, is said in ../src/measure.rs and ../src/dataset.rs; this file follows them name by name, so
// that the two can be read side by side. It prints one line of JSON.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"math"
	"os"
	"runtime"
	"sort"
	"strings"
	"sync/atomic"
	"time"

	memdb "github.com/hashicorp/go-memdb"
)

// Task is the object: see ../src/task.rs.
type Task struct {
	ID, Name, Service, Node string
	Slot, Version           uint64
}

// Random is splitmix64.
type Random uint64

func (r *Random) next() uint64 {
	*r += 0x9e3779b97f4a7c15
	z := uint64(*r)
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

func (r *Random) below(end int) int { return int(r.next() % uint64(end)) }

func (r *Random) word(length int) string {
	const alphabet = "0123456789abcdefghijklmnopqrstuvwxyz"
	word := make([]byte, length)
	for i := range word {
		word[i] = alphabet[r.below(len(alphabet))]
	}
	return string(word)
}

func (r *Random) words(count int) []string {
	words := make([]string, count)
	for i := range words {
		words[i] = r.word(idLength)
	}
	return words
}

// The seeds and sizes of ../src/dataset.rs.
const (
	seedTasks, seedServices, seedNodes, seedOrder = 1, 2, 3, 4

	idLength, nameLength, serviceCount, nodeCount = 25, 8, 1000, 500
)

// Dataset is the objects, by their recipe, and the order in which the measurements visit them.
type Dataset struct {
	objects                int
	services, nodes, order []string
	digest                 uint64
}

func newDataset(objects int) *Dataset {
	services, nodes, order := Random(seedServices), Random(seedNodes), Random(seedOrder)
	data := &Dataset{objects: objects, services: services.words(serviceCount), nodes: nodes.words(nodeCount)}
	data.digest = 0xcbf29ce484222325
	data.order = make([]string, 0, objects)
	for _, task := range data.tasks() {
		for _, text := range []string{task.ID, task.Name, task.Service, task.Node} {
			data.addToDigest(text)
		}
		data.order = append(data.order, task.ID)
	}
	for end := objects; end > 1; end-- {
		other := order.below(end)
		data.order[end-1], data.order[other] = data.order[other], data.order[end-1]
	}
	for i, id := range data.order {
		data.addToDigest(id)
		data.order[i] = strings.Clone(id)
	}
	return data
}

func (d *Dataset) addToDigest(text string) {
	for i := 0; i < len(text); i++ {
		d.digest = (d.digest ^ uint64(text[i])) * 0x100000001b3
	}
}

func (d *Dataset) tasks() []*Task {
	random := Random(seedTasks)
	tasks := make([]*Task, d.objects)
	for i := range tasks {
		id, name := random.word(idLength), random.word(nameLength)
		service, node := d.services[random.below(serviceCount)], d.nodes[random.below(nodeCount)]
		tasks[i] = &Task{ID: id, Name: fmt.Sprintf("%s-%d", name, i), Service: service, Node: node, Slot: uint64(i), Version: 1}
	}
	return tasks
}

var schema = &memdb.DBSchema{Tables: map[string]*memdb.TableSchema{"task": {
	Name: "task",
	Indexes: map[string]*memdb.IndexSchema{
		"id":      {Name: "id", Unique: true, Indexer: &memdb.StringFieldIndex{Field: "ID"}},
		"name":    {Name: "name", Unique: true, Indexer: &memdb.StringFieldIndex{Field: "Name", Lowercase: true}},
		"service": {Name: "service", Indexer: &memdb.StringFieldIndex{Field: "Service"}},
		"node":    {Name: "node", Indexer: &memdb.StringFieldIndex{Field: "Node"}},
	},
}}}

// must ends the process: nothing here fails unless the harness is wrong.
func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "memdb:", err)
		os.Exit(1)
	}
}

func build(tasks []*Task) *memdb.MemDB {
	db, err := memdb.NewMemDB(schema)
	must(err)
	txn := db.Txn(true)
	for _, task := range tasks {
		must(txn.Insert("task", task))
	}
	txn.Commit()
	return db
}

func first(txn *memdb.Txn, id string) *Task {
	raw, err := txn.First("task", "id", id)
	must(err)
	return raw.(*Task)
}

func get(db *memdb.MemDB, id string) uint64 { return first(db.Txn(false), id).Slot }

// rows reads a field of each object that an index gives, and returns how many there are.
func rows(db *memdb.MemDB, index string, args ...interface{}) int {
	found, err := db.Txn(false).Get("task", index, args...)
	must(err)
	count, sum := 0, uint64(0)
	for raw := found.Next(); raw != nil; raw = found.Next() {
		sum += raw.(*Task).Slot
		count++
	}
	sink += sum
	return count
}

// change is one transaction that changes the objects with these ids.
func change(db *memdb.MemDB, ids []string, apply func(*Task)) {
	txn := db.Txn(true)
	for _, id := range ids {
		task := *first(txn, id)
		apply(&task)
		must(txn.Insert("task", &task))
	}
	txn.Commit()
}

func nextSlot(task *Task) { task.Slot++ }

func reinsert(db *memdb.MemDB, id string) {
	txn := db.Txn(true)
	task := first(txn, id)
	must(txn.Delete("task", task))
	txn.Commit()
	txn = db.Txn(true)
	must(txn.Insert("task", task))
	txn.Commit()
}

// Effort is how much is measured: see ../src/effort.rs.
type Effort struct {
	rounds, samples int
	round           time.Duration
}

// perUnit returns the median over the rounds of nanoseconds for each unit of work; batch returns how many it did.
func (e *Effort) perUnit(batch func() int) float64 {
	figures := make([]float64, e.rounds)
	for i := range figures {
		units, begin := 0, time.Now()
		took := time.Duration(0)
		for took < e.round {
			units += batch()
			took = time.Since(begin)
		}
		figures[i] = float64(took.Nanoseconds()) / float64(units)
	}
	return median(figures)
}

func median(figures []float64) float64 {
	sort.Float64s(figures)
	middle := len(figures) / 2
	if len(figures)%2 == 1 {
		return figures[middle]
	}
	return (figures[middle-1] + figures[middle]) / 2
}

// Walk visits the ids in their order, again and again.
type Walk struct {
	ids  []string
	next int
}

func (w *Walk) take(count int) []string {
	if w.next+count > len(w.ids) {
		w.next = 0
	}
	ids := w.ids[w.next : w.next+count]
	w.next += count
	return ids
}

const (
	getsABatch, updatesABatch, updatesATransaction = 64, 16, 100

	bulkOnceFrom = 1_000_000

	writerInterval = 20 * time.Microsecond
)

// sink keeps what is read from being optimised away.
var sink uint64

func measure(data *Dataset, effort *Effort) map[string]float64 {
	values := map[string]float64{}
	db := bulk(data, effort, values)
	reads(db, data, effort, values)
	writes(db, data, effort, values)
	latency(db, data, effort, values)
	besideWriter(db, data, effort, values)
	return values
}

// bulk also takes the memory, since a build here takes long.
func bulk(data *Dataset, effort *Effort, values map[string]float64) *memdb.MemDB {
	tasks := data.tasks()
	builds := effort.rounds
	if data.objects >= bulkOnceFrom {
		builds = 1
	}
	figures := make([]float64, builds)
	var db *memdb.MemDB
	var before, after runtime.MemStats
	for i := range figures {
		db = nil
		runtime.GC()
		runtime.ReadMemStats(&before)
		begin := time.Now()
		db = build(tasks)
		figures[i] = float64(time.Since(begin).Nanoseconds()) / float64(data.objects)
	}
	values["bulk"] = median(figures)
	runtime.GC()
	runtime.ReadMemStats(&after)
	values["memory"] = (float64(after.HeapAlloc) - float64(before.HeapAlloc)) / float64(data.objects)
	runtime.KeepAlive(tasks)
	return db
}

func reads(db *memdb.MemDB, data *Dataset, effort *Effort, values map[string]float64) {
	walk := &Walk{ids: data.order}
	values["get"] = effort.perUnit(func() int {
		for _, id := range walk.take(getsABatch) {
			sink += get(db, id)
		}
		return getsABatch
	})
	services := &Walk{ids: data.services}
	values["find"] = effort.perUnit(func() int { return rows(db, "service", services.take(1)[0]) })
	values["scan"] = effort.perUnit(func() int { return rows(db, "id") })
}

func writes(db *memdb.MemDB, data *Dataset, effort *Effort, values map[string]float64) {
	walk, nodes := &Walk{ids: data.order}, &Walk{ids: data.nodes}
	each := func(work func(ids []string)) float64 {
		return effort.perUnit(func() int {
			for i := 0; i < updatesABatch; i++ {
				work(walk.take(1))
			}
			return updatesABatch
		})
	}
	values["update"] = each(func(ids []string) { change(db, ids, nextSlot) })
	values["update-100"] = effort.perUnit(func() int {
		change(db, walk.take(updatesATransaction), nextSlot)
		return updatesATransaction
	})
	values["move"] = each(func(ids []string) {
		two := nodes.take(2)
		change(db, ids, func(task *Task) { moveTo(task, two) })
	})
	values["reinsert"] = each(func(ids []string) { reinsert(db, ids[0]) })
}

func moveTo(task *Task, two []string) {
	if task.Node == two[0] {
		task.Node = two[1]
	} else {
		task.Node = two[0]
	}
}

func latency(db *memdb.MemDB, data *Dataset, effort *Effort, values map[string]float64) {
	walk := &Walk{ids: data.order}
	samples := make([]float64, effort.samples)
	for i := range samples {
		ids, begin := walk.take(1), time.Now()
		change(db, ids, nextSlot)
		samples[i] = float64(time.Since(begin).Nanoseconds())
	}
	sort.Float64s(samples)
	for name, perMille := range map[string]int{"update-p50": 500, "update-p99": 990, "update-p999": 999} {
		values[name] = samples[(len(samples)-1)*perMille/1000]
	}
}

func besideWriter(db *memdb.MemDB, data *Dataset, effort *Effort, values map[string]float64) {
	walk := &Walk{ids: data.order}
	getting := func() int {
		for _, id := range walk.take(getsABatch) {
			sink += get(db, id)
		}
		return getsABatch
	}
	alone := effort.perUnit(getting)
	var written, stop int64
	done := make(chan float64)
	go func() {
		walk, begin := &Walk{ids: data.order, next: len(data.order) / 2}, time.Now()
		due := begin
		for atomic.LoadInt64(&stop) == 0 {
			change(db, walk.take(1), nextSlot)
			atomic.AddInt64(&written, 1)
			due = due.Add(writerInterval)
			if now := time.Now(); due.Before(now) {
				due = now
			}
			for time.Now().Before(due) {
			}
		}
		done <- float64(atomic.LoadInt64(&written)) / time.Since(begin).Seconds()
	}()
	for atomic.LoadInt64(&written) == 0 {
		runtime.Gosched()
	}
	beside := effort.perUnit(getting)
	atomic.StoreInt64(&stop, 1)
	values["writes-beside"] = <-done
	values["get-beside"] = beside
	values["slowdown"] = beside / alone
}

func main() {
	objects := flag.Int("objects", 10_000, "how many objects the table holds")
	effort := &Effort{}
	flag.IntVar(&effort.rounds, "rounds", 5, "rounds of each measurement")
	roundMs := flag.Int("round-ms", 100, "milliseconds that a round takes at least")
	flag.IntVar(&effort.samples, "samples", 20_000, "single updates that are timed")
	flag.Parse()
	effort.round = time.Duration(*roundMs) * time.Millisecond

	data := newDataset(*objects)
	values := measure(data, effort)
	for _, value := range values {
		if math.IsNaN(value) || math.IsInf(value, 0) {
			must(fmt.Errorf("a measurement is no number: %v", values))
		}
	}
	must(json.NewEncoder(os.Stdout).Encode(map[string]interface{}{
		"digest": fmt.Sprintf("%016x", data.digest),
		"values": values,
	}))
}
