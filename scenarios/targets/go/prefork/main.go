// A master that listens and never accepts, and workers that share its socket. Each worker gives a sign of life ten times a second
// over a pipe; the first one says that it serves. On SIGHUP the master replaces them one by one: the next one goes only when its
// replacement serves. ALL_AT_ONCE=1 is the mistake of ending them all and starting new ones afterwards.
package main

import (
	"log"
	"net"
	"os"
	"os/exec"
	"os/signal"
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
	signal.Notify(signals, syscall.SIGHUP, syscall.SIGTERM)
	team := make([]*worker, workers)
	for i := range team {
		team[i] = hire(socket)
	}
	for {
		select {
		case received := <-signals:
			if received == syscall.SIGTERM {
				for _, one := range team {
					one.end(syscall.SIGTERM)
				}
				return
			}
			replace(team, socket)
		case <-time.After(beat):
			for i, one := range team {
				if !one.lives() {
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

// A worker as its master sees it.
type worker struct {
	process *exec.Cmd
	life    *os.File
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
	return &worker{process, life}
}

// lives waits for the next sign of life.
func (w *worker) lives() bool {
	w.life.SetReadDeadline(time.Now().Add(patience))
	_, err := w.life.Read(make([]byte, 64))
	return err == nil
}

func (w *worker) end(how syscall.Signal) {
	w.process.Process.Signal(how)
	w.process.Wait()
	w.life.Close()
}

func work() {
	server := drain.New(app.FromFile(3), app.Handler())
	go server.Serve()
	life := os.NewFile(4, "life")
	go func() {
		for range time.Tick(beat) {
			life.Write([]byte{1})
		}
	}()
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM)
	<-stop
	server.Drain(600*time.Millisecond, 8*time.Second)
}
