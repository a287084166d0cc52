// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <httplib.h>
#include <string>

namespace sfluv::server {

/// One accepted socket as httplib wants to see it. Time-outs are between bytes, not over the whole:
/// a slow but living phone is never cut off.
class Connection : public httplib::Stream {
 public:
  /// Does not own `fd`.
  Connection(int fd, int idle_ms_max) : fd_(fd), idle_ms_max_(idle_ms_max) {}

  /// Waits for the first byte of a next request.
  [[nodiscard]] bool wait_for_request(int ms_max);

  /// From now on the peer gets not one byte more (fault `commit_then_drop`).
  void drop();
  [[nodiscard]] bool is_dropped() const { return dropped_; }

  /// This connection takes no further request: what follows on it may be the rest of a body.
  void close_after_answer() { closing_ = true; }
  void keep_after_answer() { closing_ = false; }
  [[nodiscard]] bool is_closing() const { return closing_; }

  /// Ends a connection whose peer may still be sending: closing at once would reset it and could
  /// destroy an answer that is still on its way.
  void linger();

  // httplib::Stream
  [[nodiscard]] bool is_readable() const override;
  [[nodiscard]] bool is_writable() const override;
  ssize_t read(char* data, size_t size) override;
  ssize_t write(const char* data, size_t size) override;
  void get_remote_ip_and_port(std::string& ip, int& port) const override;
  void get_local_ip_and_port(std::string& ip, int& port) const override;
  [[nodiscard]] socket_t socket() const override { return fd_; }
  using httplib::Stream::write;

 private:
  [[nodiscard]] bool wait(short events, int ms_max) const;

  int fd_;
  int idle_ms_max_;
  bool dropped_ = false;
  bool closing_ = false;
  std::array<char, 16384> buffer_{};  // httplib reads headers one byte at a time
  std::size_t buffer_begin_ = 0;
  std::size_t buffer_end_ = 0;
};

}  // namespace sfluv::server
