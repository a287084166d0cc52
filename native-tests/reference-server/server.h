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
#include "database.h"
#include "faucet.h"
#include "faults.h"
#include "http_host.h"
#include "mailbox.h"
#include "request_log.h"
#include "services.h"
#include "settings.h"
#include "test_bench.h"

namespace sfluv::server {

struct ServerOptions {
  int port = 0;  ///< 0: any free one
  std::string database_path;
  std::string secret;
  std::vector<std::string> allowed_origins;
  bool has_test_endpoints = false;
  std::function<std::int64_t()> now_s = system_now_s;
  Profile profile = documents_profile();
  UploadLimits limits;
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
  /// A second door to the test endpoints, which stays open while the API refuses connections.
  [[nodiscard]] std::optional<int> test_port() const;

  /// Requests that are being answered are finished first.
  void stop();

 private:
  void open_test_bench(const ServerOptions& options);

  DatabasePool databases_;
  Settings settings_;
  MemoryFaucet faucet_;
  MemoryMailbox mailbox_;
  SeriesLocks paying_;
  Services services_;
  Faults faults_;
  RequestLog log_;
  Api api_;
  std::unique_ptr<TestBench> test_bench_;
  std::unique_ptr<HttpHost> api_host_;
  std::unique_ptr<HttpHost> test_host_;
};

}  // namespace sfluv::server
