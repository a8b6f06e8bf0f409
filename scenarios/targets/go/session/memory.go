package main

import "sync"

// memory counts in this process, and forgets with it.
type memory struct {
	mutex  sync.Mutex
	visits map[string]int
}

func (m *memory) add(session string) (int, error) {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	if m.visits == nil {
		m.visits = map[string]int{}
	}
	m.visits[session]++
	return m.visits[session], nil
}
