// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <httplib.h>
#include <memory>
#include <mutex>
#include <set>
#include <thread>

namespace sfluv::server {

/// A listening socket on 127.0.0.1 and the threads that serve what it accepts. Not httplib's own:
/// that one cannot stop listening and come back on the same port, which is what a test of an
/// offline queue wants most.
class Listener {
 public:
  using Serve = std::function<void(int fd)>;

  /// Port 0 takes a free one. Throws std::system_error when the port is taken.
  Listener(int port, std::size_t threads, Serve serve);
  ~Listener();
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  [[nodiscard]] int port() const { return port_; }

  /// Connections are refused and open ones end; the port stays ours.
  void pause();
  void resume();

  /// Ends idle connections, lets requests that are being answered finish, and joins all threads.
  void stop();

  /// False while paused or stopped: then a connection takes no further request.
  [[nodiscard]] bool is_accepting() const { return accepting_; }

 private:
  void open();
  void accept_all(int fd);
  void serve_one(int fd);

  int port_ = 0;
  int reserved_fd_ = -1;  // bound but not listening: holds the port while nobody listens
  int listen_fd_ = -1;
  std::atomic<bool> accepting_ = false;
  std::mutex state_mutex_;  // pause, resume, stop
  std::mutex open_mutex_;
  std::set<int> open_;  // accepted sockets
  Serve serve_;
  std::unique_ptr<httplib::ThreadPool> pool_;
  std::thread acceptor_;
};

}  // namespace sfluv::server
