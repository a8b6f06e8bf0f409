// A master that listens and never accepts, and workers that share its socket. Each worker gives a sign of life ten times a second
// over a pipe; the first one says that it serves. On SIGHUP the master replaces them one by one: the next one goes only when its
// replacement serves. ALL_AT_ONCE=1 is the mistake of ending them all and starting new ones afterwards.
//
// A worker whose sign of life fails to come is killed and replaced; NO_HEARTBEAT=1 is the mistake of not looking. SIGUSR1 stands for
// the bug: the worker that answers the most requests hangs.
package main

import (
	"log"
	"net"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"sync/atomic"
	"syscall"
	"time"

	"zerodrop.example/go/app"
	"zerodrop.example/go/drain"
)

const (
	workers  = 2
	beat     = 100 * time.Millisecond
	patience = 2 * time.Second
)

func main() {
	if os.Getenv("WORKER") == "1" {
		work()
		return
	}
	socket := app.Listener().(*net.TCPListener)
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGHUP, syscall.SIGTERM, syscall.SIGUSR1)
	team := make([]*worker, workers)
	for i := range team {
		team[i] = hire(socket)
	}
	for {
		select {
		case received := <-signals:
			switch received {
			case syscall.SIGTERM:
				for _, one := range team {
					one.end(syscall.SIGTERM)
				}
				return
			case syscall.SIGUSR1:
				hangBusiest(team)
			default:
				replace(team, socket)
			}
		case <-time.After(beat):
			for i, one := range team {
				if os.Getenv("NO_HEARTBEAT") != "1" && !one.lives() {
					log.Print("a worker gives no sign of life; it is killed and replaced")
					one.end(syscall.SIGKILL)
					team[i] = hire(socket)
				}
			}
		}
	}
}

func replace(team []*worker, socket *net.TCPListener) {
	if os.Getenv("ALL_AT_ONCE") == "1" {
		for i, one := range team {
			one.end(syscall.SIGKILL)
			team[i] = nil
		}
	}
	for i, old := range team {
		fresh := hire(socket)
		if !fresh.lives() {
			fresh.end(syscall.SIGKILL)
			log.Print("a new worker gave no sign of life; the old ones stay")
			return
		}
		if old != nil {
			old.end(syscall.SIGTERM)
		}
		team[i] = fresh
	}
}

func hangBusiest(team []*worker) {
	time.Sleep(2 * beat) // for a sign of life that is not older than the signal
	var busiest *worker
	for _, one := range team {
		if !one.hangs && one.lives() && (busiest == nil || one.busy > busiest.busy) {
			busiest = one
		}
	}
	if busiest != nil {
		busiest.process.Process.Signal(syscall.SIGSTOP)
		busiest.hangs = true
	}
}

// A worker as its master sees it.
type worker struct {
	process *exec.Cmd
	life    *os.File
	busy    byte // requests that it answered when it gave its last sign of life
	hangs   bool
}

func hire(socket *net.TCPListener) *worker {
	file, err := socket.File()
	if err != nil {
		log.Fatal(err)
	}
	defer file.Close()
	life, theirs, err := os.Pipe()
	if err != nil {
		log.Fatal(err)
	}
	defer theirs.Close()
	process := exec.Command(os.Args[0])
	process.Env = append(os.Environ(), "WORKER=1")
	process.Stdout, process.Stderr = os.Stdout, os.Stderr
	process.ExtraFiles = []*os.File{file, theirs}
	if err := process.Start(); err != nil {
		log.Fatal(err)
	}
	return &worker{process: process, life: life}
}

// lives waits for the next sign of life.
func (w *worker) lives() bool {
	w.life.SetReadDeadline(time.Now().Add(patience))
	signs := make([]byte, 4096)
	n, err := w.life.Read(signs)
	if err != nil {
		return false
	}
	w.busy = signs[n-1]
	return true
}

func (w *worker) end(how syscall.Signal) {
	w.process.Process.Signal(how)
	w.process.Wait()
	w.life.Close()
}

func work() {
	var busy atomic.Int32
	service := app.Handler()
	server := drain.New(app.FromFile(3), http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		busy.Add(1)
		defer busy.Add(-1)
		service.ServeHTTP(w, r)
	}))
	go server.Serve()
	life := os.NewFile(4, "life")
	go func() {
		for range time.Tick(beat) {
			life.Write([]byte{byte(min(busy.Load(), 255))})
		}
	}()
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM)
	<-stop
	server.Drain(600*time.Millisecond, 8*time.Second)
}
