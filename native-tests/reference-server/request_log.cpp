// SPDX-License-Identifier: MIT
#include "request_log.h"

#include "sfluv/json_writer.h"

namespace sfluv::server {
namespace {
constexpr std::size_t entries_max = 10'000;  // a test server that runs for days must not grow
}

void RequestLog::add(std::string_view method, std::string_view path) {
  const std::lock_guard lock{mutex_};
  if (counts_.size() < entries_max) ++counts_[{std::string{method}, std::string{path}}];
}

void RequestLog::clear() {
  const std::lock_guard lock{mutex_};
  counts_.clear();
}

std::string RequestLog::to_json() const {
  const std::lock_guard lock{mutex_};
  JsonWriter out;
  out.begin_array();
  for (const auto& [key, count] : counts_) {
    out.begin_object().key("method").string(key.first).key("path").string(key.second);
    out.key("count").number(count).end_object();
  }
  out.end_array();
  return out.take();
}

}  // namespace sfluv::server
