// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "faults.h"
#include "http_host.h"
#include "request_log.h"
#include "services.h"
#include "store.h"

namespace sfluv::server {

struct ApiOptions {
  std::string secret;
  std::vector<std::string> allowed_origins;  ///< of pages that may call from another port
};

/// The door of the documented API: who may come in, and to which endpoint. Every decision about
/// work is the engine's.
class Api {
 public:
  Api(ApiOptions options, Services& services, Faults& faults, RequestLog& log)
      : options_(std::move(options)), services_(services), faults_(faults), log_(log) {}

  void handle(Exchange& exchange);

 private:
  void add_cors_headers(Exchange& exchange) const;
  void respond(Exchange& exchange);
  [[nodiscard]] std::optional<User> user_of(const httplib::Request& request) const;

  ApiOptions options_;
  Services& services_;
  Faults& faults_;
  RequestLog& log_;
};

}  // namespace sfluv::server
