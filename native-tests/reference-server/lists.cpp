// SPDX-License-Identifier: MIT
#include "lists.h"

#include <algorithm>
#include <charconv>

#include "answer.h"

namespace sfluv::server {
namespace {

std::size_t number_in_query(const Visit& visit, const char* name, std::size_t fallback) {
  const std::string text = visit.exchange.request.get_param_value(name);
  std::size_t value = fallback;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

}  // namespace

const Series& series_in(const std::vector<Series>& all, const std::string& workflow_id) {
  return *std::ranges::find_if(all,
                               [&](const Series& one) { return one.find(workflow_id) != nullptr; });
}

Page page_of(const Visit& visit, std::size_t listed, std::size_t count_max) {
  Page page;
  page.count = std::clamp<std::size_t>(number_in_query(visit, "count", count_max), 1, count_max);
  page.number = std::min<std::size_t>(number_in_query(visit, "page", 0), listed / page.count);
  page.begin = page.number * page.count;
  page.end = std::min(listed, page.begin + page.count);
  return page;
}

void write_page(JsonWriter& out, const Page& page, std::size_t total) {
  out.key("total").number(static_cast<std::int64_t>(total));
  out.key("page").number(static_cast<std::int64_t>(page.number));
  out.key("count").number(static_cast<std::int64_t>(page.count));
}

void write_workflows(JsonWriter& out, const Visit& visit, const Viewer& viewer,
                     const std::vector<Series>& all, std::span<const std::string> ids) {
  const Profile profile = visit.services.settings.profile();
  out.begin_array();
  for (const std::string& id : ids) {
    const Series& series = series_in(all, id);
    out.raw(
        write_workflow(as_seen_by(viewer, series, *series.find(id), profile), AmountStyle::number));
  }
  out.end_array();
}

void answer_workflows(Visit& visit, const Viewer& viewer, const std::vector<Series>& all,
                      std::span<const std::string> ids) {
  JsonWriter out;
  write_workflows(out, visit, viewer, all, ids);
  answer_json(visit.response(), out.take());
}

}  // namespace sfluv::server
