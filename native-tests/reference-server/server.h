// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sfluv/limits.h"
#include "sfluv/profile.h"

#include "api.h"
#include "control.h"
#include "database.h"
#include "faults.h"
#include "http_host.h"
#include "request_log.h"

namespace sfluv::server {

/// Seconds since 1970 of the machine's clock.
[[nodiscard]] std::int64_t system_now_s();

struct ServerOptions {
  int port = 0;  ///< 0: any free one
  std::string database_path;
  std::string secret;
  std::vector<std::string> allowed_origins;
  std::optional<int> control_port;  ///< absent: no control
  std::function<std::int64_t()> now_s = system_now_s;
  Profile profile = documents_profile();
  std::size_t threads = 128;  ///< as many slow clients do no harm
  int idle_ms_max = 2'000;
  std::uint64_t body_bytes_max = limits::json_bytes_max;
};

/// The reference server: runs from construction to `stop` or destruction, on 127.0.0.1 only.
class Server {
 public:
  explicit Server(const ServerOptions& options);
  ~Server();

  [[nodiscard]] int port() const { return api_host_->listener().port(); }
  [[nodiscard]] std::optional<int> control_port() const;

  /// Requests that are being answered are finished first.
  void stop();

 private:
  DatabasePool databases_;
  Faults faults_;
  RequestLog log_;
  Api api_;
  std::unique_ptr<HttpHost> api_host_;
  std::unique_ptr<Control> control_;
  std::unique_ptr<HttpHost> control_host_;
};

}  // namespace sfluv::server
