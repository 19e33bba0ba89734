// What a task of SwarmKit takes in memory, in a Go process.
//
// The types have the shape of those that SwarmKit's generator makes of its .proto files: a message field is a pointer
// unless it is always present, a branch of a oneof is a struct behind an interface. They are filled from ../task.json, as
// decoding a log entry or a saved state fills them: every string is its own. Only types that occur there are written out;
// of the others there is the pointer, which is what they take when they are absent.
//
// Lists are then cut to their length, where a decoder leaves room behind it: what is printed is the least that Go takes.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"reflect"
	"runtime"
	"strings"
	"time"

	memdb "github.com/hashicorp/go-memdb"
)

type (
	absent struct{ _ byte }

	Version struct{ Index uint64 }
	Time    struct {
		Seconds int64
		Nanos   int32
	}
	Meta struct {
		Version              Version
		CreatedAt, UpdatedAt *Time
	}
	IndexEntry  struct{ Key, Val string }
	Annotations struct {
		Name    string
		Labels  map[string]string
		Indices []IndexEntry
	}
	Driver struct {
		Name    string
		Options map[string]string
	}
	FileTarget struct {
		Name, UID, GID string
		Mode           uint32
	}
	isTarget interface{ target() }
	target   struct{ File *FileTarget }
	Secret   struct {
		SecretID, SecretName string
		Target               isTarget `json:"-"`
	}
	Config struct {
		ConfigID, ConfigName string
		Target               isTarget `json:"-"`
	}
	VolumeOptions struct {
		NoCopy       bool
		Labels       map[string]string
		DriverConfig *Driver
		Subpath      string
	}
	Mount struct {
		Type           int32
		Source, Target string
		ReadOnly       bool
		Consistency    int32
		BindOptions    *absent
		VolumeOptions  *VolumeOptions
		TmpfsOptions   *absent
	}
	PullOptions struct{ RegistryAuth string }
	DNSConfig   struct{ Nameservers, Search, Options []string }
	Health      struct {
		Test                       []string
		Interval, Timeout          *Time
		Retries                    int32
		StartPeriod, StartInterval *Time
	}
	Container struct {
		Image                         string
		Labels                        map[string]string
		Command, Args                 []string
		Hostname                      string
		Env                           []string
		Dir, User                     string
		Groups                        []string
		Privileges, Init              *absent
		TTY, OpenStdin, ReadOnly      bool
		StopSignal                    string
		Mounts                        []Mount
		StopGracePeriod               *Time
		PullOptions                   *PullOptions
		Secrets                       []*Secret
		Configs                       []*Config
		Hosts                         []string
		DNSConfig                     *DNSConfig
		Healthcheck                   *Health
		Isolation                     int32
		PidsLimit                     int64
		Sysctls                       map[string]string
		CapabilityAdd, CapabilityDrop []string
		Ulimits                       []*absent
		OomScoreAdj                   int64
	}
	Resources struct {
		NanoCPUs, MemoryBytes int64
		Generic               []*absent
	}
	Requirements struct {
		Limits, Reservations        *Resources
		SwapBytes, MemorySwappiness *absent
	}
	Restart struct {
		Condition   int32
		Delay       *Time
		MaxAttempts uint64
		Window      *Time
	}
	Platform  struct{ Architecture, OS string }
	Placement struct {
		Constraints []string
		Preferences []*absent
		Platforms   []*Platform
		MaxReplicas uint64
	}
	AttachmentConfig struct {
		Target               string
		Aliases, Addresses   []string
		DriverAttachmentOpts map[string]string
	}
	isRuntime interface{ runtime() }
	runtime_  struct{ Container *Container }
	TaskSpec  struct {
		Runtime            isRuntime `json:"-"`
		Resources          *Requirements
		Restart            *Restart
		Placement          *Placement
		LogDriver          *Driver
		Networks           []*AttachmentConfig
		ForceUpdate        uint64
		ResourceReferences []absent
	}
	IPAMConfig struct {
		Family                 int32
		Subnet, Range, Gateway string
		Reserved               map[string]string
	}
	IPAM struct {
		Driver  *Driver
		Configs []*IPAMConfig
	}
	NetworkSpec struct {
		Annotations           Annotations
		DriverConfig          *Driver
		Ipv6Enabled, Internal bool
		IPAM                  *IPAM
		Attachable, Ingress   bool
		ConfigFrom            isRuntime `json:"-"`
	}
	Network struct {
		ID            string
		Meta          Meta
		Spec          NetworkSpec
		DriverState   *Driver
		IPAM          *IPAM
		PendingDelete bool
		Extra         *absent
	}
	Attachment struct {
		Network              *Network
		Addresses, Aliases   []string
		DriverAttachmentOpts map[string]string
	}
	Port struct {
		Name                      string
		Protocol                  int32
		TargetPort, PublishedPort uint32
		PublishMode               int32
	}
	EndpointSpec struct {
		Mode  int32
		Ports []*Port
	}
	VirtualIP struct{ NetworkID, Addr string }
	Endpoint  struct {
		Spec       *EndpointSpec
		Ports      []*Port
		VirtualIPs []*VirtualIP
	}
	ContainerStatus struct {
		ContainerID   string
		PID, ExitCode int32
	}
	PortStatus struct{ Ports []*Port }
	status     struct{ Container *ContainerStatus }
	TaskStatus struct {
		Timestamp     *Time
		State         int32
		Message, Err  string
		RuntimeStatus isRuntime `json:"-"`
		PortStatus    *PortStatus
		AppliedBy     string
		AppliedAt     *Time
	}
	Task struct {
		ID                              string
		Meta                            Meta
		Spec                            TaskSpec
		SpecVersion                     *Version
		ServiceID                       string
		Slot                            uint64
		NodeID                          string
		Annotations, ServiceAnnotations Annotations
		Status                          TaskStatus
		DesiredState                    int32
		Networks                        []*Attachment
		Endpoint                        *Endpoint
		LogDriver                       *Driver
		AssignedGenericResources        []*absent
		JobIteration                    *Version
		Volumes                         []*absent
	}
)

func (*target) target()    {}
func (*runtime_) runtime() {}
func (*status) runtime()   {}

// The branches of oneofs are read into the struct that stands for them.
func (s *Secret) UnmarshalJSON(text []byte) error {
	type plain Secret
	branch := &target{}
	s.Target = branch
	return both(text, (*plain)(s), branch)
}

func (c *Config) UnmarshalJSON(text []byte) error {
	type plain Config
	branch := &target{}
	c.Target = branch
	return both(text, (*plain)(c), branch)
}

func (t *TaskSpec) UnmarshalJSON(text []byte) error {
	type plain TaskSpec
	branch := &runtime_{}
	t.Runtime = branch
	return both(text, (*plain)(t), branch)
}

func (t *TaskStatus) UnmarshalJSON(text []byte) error {
	type plain TaskStatus
	branch := &status{}
	t.RuntimeStatus = branch
	return both(text, (*plain)(t), branch)
}

func both(text []byte, first, second interface{}) error {
	if err := json.Unmarshal(text, first); err != nil {
		return err
	}
	return json.Unmarshal(text, second)
}

// clip cuts every list to its length, and counts the characters of all strings.
func clip(value reflect.Value, characters *int) {
	switch value.Kind() {
	case reflect.String:
		*characters += value.Len()
	case reflect.Ptr, reflect.Interface:
		if !value.IsNil() {
			clip(value.Elem(), characters)
		}
	case reflect.Struct:
		for i := 0; i < value.NumField(); i++ {
			clip(value.Field(i), characters)
		}
	case reflect.Map:
		for _, key := range value.MapKeys() {
			*characters += key.Len() + value.MapIndex(key).Len()
		}
	case reflect.Slice:
		if value.IsNil() {
			return
		}
		exact := reflect.MakeSlice(value.Type(), value.Len(), value.Len())
		reflect.Copy(exact, value)
		value.Set(exact)
		for i := 0; i < value.Len(); i++ {
			clip(value.Index(i), characters)
		}
	}
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "swarmkit:", err)
		os.Exit(1)
	}
}

// heap is what is in use after a collection.
func heap() uint64 {
	var stats runtime.MemStats
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&stats)
	return stats.HeapAlloc
}

// The keys of the indexes that SwarmKit's store keeps of a task, in go-memdb's form.
type keys func(*Task) [][]byte

func key(parts ...string) []byte { return []byte(strings.Join(parts, "\x00") + "\x00") }

func (k keys) FromArgs(args ...interface{}) ([]byte, error) { return key(args[0].(string)), nil }

func (k keys) FromObject(object interface{}) (bool, [][]byte, error) {
	found := k(object.(*Task))
	return len(found) > 0, found, nil
}

type single struct{ keys }

func (s single) FromObject(object interface{}) (bool, []byte, error) {
	return true, s.keys(object.(*Task))[0], nil
}

func index(name string, unique bool, of keys) *memdb.IndexSchema {
	return &memdb.IndexSchema{Name: name, Unique: unique, AllowMissing: !unique, Indexer: of}
}

func schema() *memdb.DBSchema {
	container := func(task *Task) *Container { return task.Spec.Runtime.(*runtime_).Container }
	number := func(number int32) []byte { return key(fmt.Sprint(number)) }
	one := func(of func(*Task) []byte) keys { return func(task *Task) [][]byte { return [][]byte{of(task)} } }
	indexes := map[string]*memdb.IndexSchema{
		"id": {Name: "id", Unique: true, Indexer: single{one(func(t *Task) []byte { return key(t.ID) })}},
	}
	for name, of := range map[string]keys{
		"name":         one(func(t *Task) []byte { return key(strings.ToLower(t.Annotations.Name)) }),
		"runtime":      one(func(*Task) []byte { return key("container") }),
		"serviceid":    one(func(t *Task) []byte { return key(t.ServiceID) }),
		"nodeid":       one(func(t *Task) []byte { return key(t.NodeID) }),
		"slot":         one(func(t *Task) []byte { return key(t.ServiceID, fmt.Sprint(t.Slot)) }),
		"desiredstate": one(func(t *Task) []byte { return number(t.DesiredState) }),
		"taskstate":    one(func(t *Task) []byte { return number(t.Status.State) }),
		"network":      one(func(t *Task) []byte { return key(t.Spec.Networks[0].Target) }),
		"secret":       one(func(t *Task) []byte { return key(container(t).Secrets[0].SecretID) }),
		"config":       one(func(t *Task) []byte { return key(container(t).Configs[0].ConfigID) }),
		"custom":       func(*Task) [][]byte { return nil },
		"volume":       func(*Task) [][]byte { return nil },
	} {
		indexes[name] = index(name, false, of)
	}
	return &memdb.DBSchema{Tables: map[string]*memdb.TableSchema{"task": {Name: "task", Indexes: indexes}}}
}

// lean is what store-bench measures go-memdb with.
type lean struct{ ID, Name, Service, Node string }

// bulk returns the nanoseconds for each of some objects that are inserted in one transaction, with four indexes.
func bulk(objects int) float64 {
	field := func(name string, unique bool) *memdb.IndexSchema {
		return &memdb.IndexSchema{Name: strings.ToLower(name), Unique: unique, Indexer: &memdb.StringFieldIndex{Field: name}}
	}
	db, err := memdb.NewMemDB(&memdb.DBSchema{Tables: map[string]*memdb.TableSchema{"lean": {
		Name: "lean",
		Indexes: map[string]*memdb.IndexSchema{
			"id": field("ID", true), "name": field("Name", true), "service": field("Service", false), "node": field("Node", false),
		},
	}}})
	must(err)
	tasks := make([]*lean, objects)
	for i := range tasks {
		id := fmt.Sprintf("%025d", i*7919)
		tasks[i] = &lean{ID: id, Name: "name-" + id, Service: fmt.Sprintf("%025d", i%1000), Node: fmt.Sprintf("%025d", i%500)}
	}
	begin := time.Now()
	txn := db.Txn(true)
	for _, task := range tasks {
		must(txn.Insert("lean", task))
	}
	txn.Commit()
	return float64(time.Since(begin).Nanoseconds()) / float64(objects)
}

func main() {
	objects := flag.Int("objects", 100_000, "how many tasks")
	inserted := flag.Int("inserted", 1_000_000, "how many objects are inserted in one transaction")
	file := flag.String("task", "task.json", "the typical task")
	flag.Parse()
	text, err := os.ReadFile(*file)
	must(err)

	tasks := make([]*Task, *objects)
	characters := 0
	before := heap()
	for i := range tasks {
		task := &Task{}
		must(json.Unmarshal(text, task))
		// The recipe of ../src/tasks.rs: ids of 25 characters, a hundred tasks a service, two hundred a node.
		task.ID = fmt.Sprintf("%025d", i*7919)
		task.ServiceID = fmt.Sprintf("%025d", i%(*objects/100+1))
		task.NodeID = fmt.Sprintf("%025d", i%(*objects/200+1))
		task.Slot = uint64(i)
		characters = 0
		clip(reflect.ValueOf(task).Elem(), &characters)
		tasks[i] = task
	}
	object := heap() - before

	before = heap()
	db, err := memdb.NewMemDB(schema())
	must(err)
	txn := db.Txn(true)
	for _, task := range tasks {
		must(txn.Insert("task", task))
	}
	txn.Commit()
	indexes := heap() - before
	runtime.KeepAlive(tasks)
	runtime.KeepAlive(db)

	insert := bulk(*inserted)

	each := func(bytes uint64) float64 { return float64(bytes) / float64(*objects) }
	must(json.NewEncoder(os.Stdout).Encode(map[string]float64{
		"task": each(object), "indexes": each(indexes), "characters": float64(characters), "insert": insert,
	}))
}
