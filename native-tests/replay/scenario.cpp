// SPDX-License-Identifier: MIT
#include "scenario.h"

#include <algorithm>
#include <charconv>

#include "sfluv/json_writer.h"

#include "completion_vectors.h"
#include "proposal_vectors.h"

namespace sfluv::replay {
namespace {

void write(JsonWriter& out, const json::Value& value) {
  switch (value.kind) {
    case json::Kind::null: out.null(); return;
    case json::Kind::boolean: out.boolean(value.truth); return;
    case json::Kind::number: out.raw(value.text); return;
    case json::Kind::string: out.string(value.text); return;
    case json::Kind::array:
      out.begin_array();
      for (const json::Value& element : value.elements) write(out, element);
      out.end_array();
      return;
    case json::Kind::object: {
      std::map<std::string_view, const json::Value*> sorted;
      for (const json::Member& member : value.members) sorted[member.name] = &member.value;
      out.begin_object();
      for (const auto& [name, member] : sorted) write(out.key(name), *member);
      out.end_object();
    }
  }
}

bool is_present(const json::Value* value) {
  return value != nullptr && value->kind != json::Kind::null;
}

Call call_from(const json::Value& value) {
  Call call{.actor = text_at(value, "actor"),
            .method = text_at(value, "method"),
            .path = text_at(value, "path"),
            .body = text_at(value, "body_raw"),
            .is_literal = flag_at(value, "literal")};
  const json::Value* const body = value.find("body");
  if (is_present(body)) call.body = canonical(*body);
  return call;
}

Expected expected_from(const json::Value& value) {
  Expected expected;
  if (const json::Value* const statuses = value.find("statuses")) {
    for (const json::Value& status : statuses->elements) {
      expected.statuses.push_back(std::stoi(status.text));
    }
    expected.error_classes = texts_at(value, "error_classes");
  } else {
    expected.statuses.push_back(static_cast<int>(integer_at(value, "status")));
    const std::string error_class = text_at(value, "error_class");
    if (!error_class.empty()) expected.error_classes.push_back(error_class);
  }
  if (const json::Value* const result = value.find("result"); is_present(result)) {
    expected.result = *result;
  }
  const json::Value* const state = value.find("state");
  expected.state_is_recorded = text_at(value, "state") != "any";
  if (is_present(state) && state->kind == json::Kind::object) {
    expected.state.emplace();
    for (const json::Member& member : state->members) {
      (*expected.state)[member.name] = canonical(member.value);
    }
  }
  return expected;
}

Turn turn_from(const json::Value& value) {
  Turn turn;
  if (value.find("edit") != nullptr) {
    turn.edit = value.find("set");
    return turn;
  }
  if (const json::Value* const race = value.find("race")) {
    for (const json::Value& call : race->elements) turn.calls.push_back(call_from(call));
  } else {
    turn.calls.push_back(call_from(value));
  }
  if (is_present(value.find("at"))) turn.at_s = integer_at(value, "at");
  if (const json::Value* const save = value.find("save"); is_present(save)) {
    for (const json::Member& member : save->members) turn.save[member.name] = member.value.text;
  }
  if (const json::Value* const expected = value.find("expect")) {
    turn.expected = expected_from(*expected);
  }
  turn.seed_differs = text_at(value, "seed_differs");
  return turn;
}

// Where the elements of the outermost array stand. Each is parsed for itself, for the bound on the
// number of values is meant for documents of the API, not for a collection of recordings.
std::optional<std::vector<std::string_view>> elements_of(std::string_view text) {
  constexpr std::string_view white = " \t\r\n";
  const std::size_t open = text.find_first_not_of(white);
  const std::size_t close = text.find_last_not_of(white);
  if (open == std::string_view::npos || text[open] != '[' || text[close] != ']')
    return std::nullopt;
  std::vector<std::string_view> elements;
  std::size_t begin = open + 1;
  int depth = 0;
  bool in_string = false;
  for (std::size_t at = begin; at <= close; ++at) {
    const char c = text[at];
    if (in_string) {
      if (c == '\\') ++at;
      in_string = c != '"';
    } else if (c == '"') {
      in_string = true;
    } else if (depth == 0 && (c == ',' || at == close)) {
      const std::string_view element = text.substr(begin, at - begin);
      if (element.find_first_not_of(white) != std::string_view::npos) elements.push_back(element);
      begin = at + 1;
    } else if (c == '{' || c == '[') {
      ++depth;
    } else if (c == '}' || c == ']') {
      --depth;
    }
  }
  if (begin != close + 1) return std::nullopt;  // the last bracket is not the array's
  return elements;
}

// What kind of recording an element is shows in its members.
std::string scenario_document(const json::Value& value) {
  if (value.find("steps") != nullptr || value.find("request") == nullptr) return "";
  if (value.find("work_items") != nullptr) return scenario_of_completion(value);
  return scenario_of_proposal(value);
}

Issue not_readable(std::size_t index, std::string expected) {
  return {.code = Code::document_not_readable,
          .path = pointer("", index),
          .params = {{"reason", "type"}, {"expected", std::move(expected)}}};
}

}  // namespace

Outcome<ScenarioFile> read_scenarios(std::string_view text) {
  const auto elements = elements_of(text);
  if (!elements) return std::unexpected(not_readable(0, "array"));
  ScenarioFile file;
  for (const std::string_view element : *elements) {
    auto document = json::parse(element, Code::document_not_readable);
    if (!document) return std::unexpected(document.error());
    if (const std::string converted = scenario_document(*document); !converted.empty())
      document = json::parse(converted, Code::document_not_readable);
    if (!document) return std::unexpected(document.error());
    file.documents.push_back(*std::move(document));
  }
  for (const json::Value& value : file.documents) {
    Scenario scenario{.name = text_at(value, "name"),
                      .topic = text_at(value, "topic"),
                      .setup = value.find("setup"),
                      .turns = {}};
    const json::Value* const steps = value.find("steps");
    if (scenario.setup == nullptr || steps == nullptr) {
      return std::unexpected(not_readable(file.scenarios.size(), "scenario"));
    }
    for (const json::Value& step : steps->elements) scenario.turns.push_back(turn_from(step));
    file.scenarios.push_back(std::move(scenario));
  }
  return file;
}

std::string canonical(const json::Value& value) {
  JsonWriter out;
  write(out, value);
  return out.take();
}

std::string text_at(const json::Value& object, std::string_view name) {
  const json::Value* const value = object.find(name);
  return value != nullptr && value->kind == json::Kind::string ? value->text : "";
}

std::int64_t integer_at(const json::Value& object, std::string_view name) {
  const json::Value* const value = object.find(name);
  std::int64_t number = 0;
  if (value != nullptr && value->kind == json::Kind::number) {
    std::from_chars(value->text.data(), value->text.data() + value->text.size(), number);
  }
  return number;
}

bool flag_at(const json::Value& object, std::string_view name) {
  const json::Value* const value = object.find(name);
  return value != nullptr && value->truth;
}

std::vector<std::string> texts_at(const json::Value& object, std::string_view name) {
  std::vector<std::string> texts;
  if (const json::Value* const value = object.find(name)) {
    for (const json::Value& element : value->elements) texts.push_back(element.text);
  }
  return texts;
}

}  // namespace sfluv::replay
