// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <httplib.h>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "listener.h"

namespace sfluv::server {

/// One field of a form, or one file.
struct FormPart {
  std::string name;
  std::string file_name;
  std::string content_type;
  std::string content;
};

/// The body of a request, read only when asked for.
class BodySource {
 public:
  enum class Result : std::uint8_t { whole, too_large, broken };

  BodySource(const httplib::Request& request, const httplib::ContentReader* reader,
             std::uint64_t bytes_max)
      : request_(request), reader_(reader), bytes_max_(bytes_max) {}

  /// Once only. A body that announces itself as too large is not read at all.
  [[nodiscard]] Result read(std::string& out);
  /// A body of the type multipart/form-data, with a limit of its own.
  [[nodiscard]] Result read_form(std::vector<FormPart>& out, std::uint64_t bytes_max);
  /// Reads it and forgets it, so that the connection can go on.
  [[nodiscard]] Result discard();

  [[nodiscard]] bool is_consumed() const { return consumed_; }

 private:
  [[nodiscard]] Result read_into(std::string* out);
  /// As announced; nothing when it is chunked or not a number.
  [[nodiscard]] std::optional<std::uint64_t> length() const;

  const httplib::Request& request_;
  const httplib::ContentReader* reader_;  // null: the request has no body
  std::uint64_t bytes_max_;
  bool consumed_ = false;
};

/// One request and its answer. The handler sets `response`; what it did not read of the body is
/// thrown away behind it.
struct Exchange {
  const httplib::Request& request;
  httplib::Response& response;
  BodySource& body;
  bool drop_answer = false;  ///< close the socket without a byte of the answer
};

struct HostOptions {
  int port = 0;
  std::size_t threads = 16;
  int idle_ms_max = 2'000;        ///< between two bytes of a request or of an answer
  int keep_alive_ms_max = 5'000;  ///< between two requests
  std::uint64_t body_bytes_max = 0;
};

/// HTTP/1.1 on 127.0.0.1: httplib parses and writes, our Listener accepts, one handler answers
/// everything.
class HttpHost : private httplib::Server {
 public:
  using Handle = std::function<void(Exchange&)>;

  HttpHost(const HostOptions& options, Handle handle);
  ~HttpHost() override;

  [[nodiscard]] Listener& listener() { return *listener_; }

 private:
  void serve(int fd);
  void answer(const httplib::Request& request, httplib::Response& response,
              const httplib::ContentReader* reader);

  HostOptions options_;
  Handle handle_;
  std::unique_ptr<Listener> listener_;  // last: its threads use all of the above
};

}  // namespace sfluv::server
