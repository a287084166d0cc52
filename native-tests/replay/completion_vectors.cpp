// SPDX-License-Identifier: MIT
#include "completion_vectors.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <optional>
#include <vector>

#include "sfluv/base64.h"
#include "sfluv/json_writer.h"

#include "scenario.h"

namespace sfluv::replay {
namespace {

struct Difference {
  std::string_view name;
  std::string_view reason;
};

constexpr std::array differences = {
    Difference{"dropdown/map empty, option flag true (only the map counts)",
               "the documents give both flags; we ask for the text when either says so (rulebook "
               "A3.12, table D)"},
    Difference{"file-name/181 bytes cutting inside a cjk char",
               "we cut between characters, so nothing breaks (rulebook A4.7)"},
    Difference{"file-name/cut inside an emoji",
               "we cut between characters, so nothing breaks (rulebook A4.7)"},
};

std::string encoded_zeros(std::size_t count, bool jpeg_head) {
  std::vector<std::uint8_t> bytes(count);
  constexpr std::array<std::uint8_t, 4> head{0xFF, 0xD8, 0xFF, 0xE0};
  if (jpeg_head) std::copy_n(head.begin(), std::min(count, head.size()), bytes.begin());
  return base64::encode(bytes);
}

// The content of one string, when it is a macro.
std::optional<std::string> expanded(std::string_view text) {
  if (!text.starts_with('@')) return std::nullopt;
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const std::string_view name = text.substr(0, colon);
  std::size_t count = 0;
  const char* const begin = text.data() + colon + 1;
  const auto [rest, error] = std::from_chars(begin, text.data() + text.size(), count);
  if (error != std::errc{}) return std::nullopt;
  if (name == "@zeros64") return encoded_zeros(count, false);
  if (name == "@jpeg64") return encoded_zeros(count, true);
  if (name != "@repeat") return std::nullopt;
  const std::string_view unit =
      text.substr(static_cast<std::size_t>(rest - text.data()) + 1);  // behind the second colon
  std::string out;
  for (; count > 0; --count) out += unit;
  return out;
}

std::size_t end_of_string(std::string_view json, std::size_t at) {
  while (at < json.size() && json[at] != '"') at += json[at] == '\\' ? 2 : 1;
  return std::min(at, json.size());
}

void write_setup(JsonWriter& out, const json::Value& vector) {
  out.begin_object().key("t0").number(1'803'891'600).key("payouts").string("none");
  out.key("users").raw(R"({"imp":{"roles":["improver"],"credentials":["c1"]},)"
                       R"("other":{"roles":["improver"],"credentials":["c1"]}})");
  out.key("workflows").begin_array().begin_object();
  out.key("id").string("wf1").key("series").string("s1").key("recurrence").string("one_time");
  out.key("start").number(-3600).key("created").number(-7200).key("approved").boolean(true);
  out.key("proposer").string("other").key("roles").raw(R"({"A":["c1"]})");
  out.key("steps").begin_array().begin_object().key("role").string("A").key("bounty").number(5);
  out.key("allow_step_not_possible").boolean(flag_at(vector, "allow_step_not_possible"));
  out.key("work_items").raw(canonical(*vector.find("work_items")));
  out.end_object().end_array().end_object().end_array();
  out.key("staged_photos").begin_array();
  if (const json::Value* const photos = vector.find("uploaded_photos")) {
    for (const json::Value& photo : photos->elements) {
      out.begin_object().key("id").string(text_at(photo, "id"));
      out.key("owner").string(text_at(photo, "owner"));
      out.key("item_id").string(text_at(photo, "item_id"));
      out.key("workflow").string("wf1").key("step").string("wf1.step1").end_object();
    }
  }
  out.end_array().end_object();
}

void write_call(JsonWriter& out, std::string_view action) {
  out.begin_object().key("actor").string("imp").key("method").string("POST").key("at").number(0);
  out.key("path").string("/improvers/workflows/{wf1}/steps/{wf1.step1}/" + std::string{action});
}

void write_preparation(JsonWriter& out, std::string_view action, std::string_view state) {
  write_call(out, action);
  out.key("expect").begin_object().key("status").number(200).key("state").begin_object();
  out.key("wf1").raw(state).end_object().end_object().end_object();
}

void write_expectation(JsonWriter& out, const json::Value& vector) {
  out.key("expect").begin_object().key("status").number(integer_at(vector, "http_status"));
  if (flag_at(vector, "accepted")) {
    const json::Value& stored = *vector.find("stored");
    out.key("result").begin_object();
    out.key("item_responses").raw(canonical(*stored.find("item_responses")));
    out.key("photos").raw(canonical(*stored.find("photos"))).end_object();
    out.key("state").raw(R"({"wf1":["completed",["completed","imp",0,0,1]]})");
  } else {
    out.key("error_class").string(text_at(*vector.find("error"), "class"));
  }
  out.end_object();
}

void write_completion(JsonWriter& out, const json::Value& vector) {
  write_call(out, "complete");
  out.key("literal").boolean(true);
  if (const json::Value* const raw = vector.find("request_raw")) {
    out.key("body_raw").string(raw->text);
  } else {
    out.key("body").raw(canonical(*vector.find("request")));
  }
  if (integer_at(vector, "http_status") == 500)
    out.key("seed_differs").string("500 with empty body");
  write_expectation(out, vector);
  out.end_object();
}

}  // namespace

std::string_view completion_difference(std::string_view name) {
  const auto row = std::ranges::find(differences, name, &Difference::name);
  return row == differences.end() ? "" : row->reason;
}

std::string with_macros(std::string_view json) {
  std::string out;
  for (std::size_t at = 0; at < json.size();) {
    const std::size_t open = std::min(json.find('"', at), json.size());
    const std::size_t begin = std::min(open + 1, json.size());
    const std::size_t end = end_of_string(json, begin);
    out += json.substr(at, begin - at);
    const std::string_view text = json.substr(begin, end - begin);
    if (auto plain = expanded(text)) {
      out += *plain;
    } else {
      out += text;
    }
    if (end < json.size()) out += '"';
    at = end + 1;
  }
  return out;
}

std::string scenario_of_completion(const json::Value& vector) {
  JsonWriter out;
  out.begin_object().key("name").string(text_at(vector, "name"));
  out.key("topic").string("completion").key("setup");
  write_setup(out, vector);
  out.key("steps").begin_array();
  write_preparation(out, "claim", R"(["approved",["available","imp",null,null,0]])");
  write_preparation(out, "start", R"(["in_progress",["in_progress","imp",0,null,0]])");
  write_completion(out, vector);
  out.end_array().end_object();
  return out.take();
}

}  // namespace sfluv::replay
