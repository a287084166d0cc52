// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

namespace sfluv::server {

/// How often each method and path was asked for: lets a test see how many POSTs really arrived.
class RequestLog {
 public:
  void add(std::string_view method, std::string_view path);
  void clear();

  /// [{"method","path","count"}...], sorted.
  [[nodiscard]] std::string to_json() const;

 private:
  mutable std::mutex mutex_;
  std::map<std::pair<std::string, std::string>, std::int64_t> counts_;
};

}  // namespace sfluv::server
