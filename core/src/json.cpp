// SPDX-License-Identifier: MIT
#include "sfluv/json.h"

#include <charconv>
#include <utility>

namespace sfluv::json {
namespace {

// The live server's decoder folds letters like Unicode simple folding does; of the characters
// outside ASCII only the long s and the Kelvin sign fold to a letter of our field names.
bool same_name_any_case(std::string_view wanted, std::string_view given) {
  std::size_t at = 0;
  for (const char letter : wanted) {
    const std::string_view rest = given.substr(std::min(at, given.size()));
    if (letter == 's' && rest.starts_with("\xC5\xBF")) {
      at += 2;
    } else if (letter == 'k' && rest.starts_with("\xE2\x84\xAA")) {
      at += 3;
    } else if (!rest.empty() && (rest[0] == letter ||
                                 (rest[0] >= 'A' && rest[0] <= 'Z' && rest[0] + 32 == letter))) {
      at += 1;
    } else {
      return false;
    }
  }
  return at == given.size();
}

const Value* last_member(const Value& object, auto&& matches) {
  for (auto member = object.members.rbegin(); member != object.members.rend(); ++member) {
    if (matches(member->name)) return &member->value;
  }
  return nullptr;
}

std::optional<std::int64_t> to_integer(const std::string& text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

std::string_view to_string(Kind kind) {
  static constexpr std::string_view names[] = {"null",   "boolean", "number",
                                               "string", "array",   "object"};
  return names[static_cast<std::size_t>(kind)];
}

const Value* Value::find(std::string_view name) const {
  return last_member(*this, [&](const std::string& given) { return given == name; });
}

const Value* Value::find_any_case(std::string_view name) const {
  return last_member(*this,
                     [&](const std::string& given) { return same_name_any_case(name, given); });
}

const Value* Fields::find(const Value& object, std::string_view name) const {
  return names_ == Names::exact ? object.find(name) : object.find_any_case(name);
}

void Fields::fail(std::string_view path, std::string_view expected, Kind got) {
  if (failure_) return;
  failure_ = Issue{.code = code_,
                   .path = std::string{path},
                   .params = {{"reason", std::string{"type"}},
                              {"expected", std::string{expected}},
                              {"got", std::string{to_string(got)}}}};
}

void Fields::expect(const Value& value, Kind kind, std::string_view path) {
  if (value.kind != kind && value.kind != Kind::null) fail(path, to_string(kind), value.kind);
}

void Fields::require(const Value& root, Kind kind) {
  if (root.kind != kind) fail("", to_string(kind), root.kind);
}

void Fields::refuse(std::string_view path, std::string_view expected) {
  if (failure_) return;
  failure_ =
      Issue{.code = code_,
            .path = std::string{path},
            .params = {{"reason", std::string{"value"}}, {"expected", std::string{expected}}}};
}

const Value* Fields::find(const Value& object, std::string_view path, std::string_view name,
                          Kind kind) {
  const Value* const value = find(object, name);
  if (value == nullptr || value->kind == Kind::null) return nullptr;
  if (value->kind == kind) return value;
  fail(pointer(path, name), to_string(kind), value->kind);
  return nullptr;
}

std::optional<std::string> Fields::optional_string(const Value& object, std::string_view path,
                                                   std::string_view name) {
  const Value* const value = find(object, path, name, Kind::string);
  return value ? std::optional{value->text} : std::nullopt;
}

std::string Fields::string(const Value& object, std::string_view path, std::string_view name) {
  return optional_string(object, path, name).value_or("");
}

bool Fields::boolean(const Value& object, std::string_view path, std::string_view name) {
  const Value* const value = find(object, path, name, Kind::boolean);
  return value != nullptr && value->truth;
}

std::optional<std::int64_t> Fields::optional_integer(const Value& object, std::string_view path,
                                                     std::string_view name) {
  const Value* const value = find(object, path, name, Kind::number);
  if (value == nullptr) return std::nullopt;
  const auto integer = to_integer(value->text);
  if (!integer) fail(pointer(path, name), "integer", Kind::number);
  return integer;
}

std::int64_t Fields::integer(const Value& object, std::string_view path, std::string_view name,
                             std::int64_t fallback) {
  return optional_integer(object, path, name).value_or(fallback);
}

Amount Fields::amount(const Value& object, std::string_view path, std::string_view name) {
  const Value* const value = find(object, name);
  if (value == nullptr || value->kind == Kind::null) return {};
  if (value->kind == Kind::number || value->kind == Kind::string) {
    if (const auto amount = Amount::parse(value->text)) return *amount;
  }
  fail(pointer(path, name), "amount", value->kind);
  return {};
}

const std::vector<Value>& Fields::array(const Value& object, std::string_view path,
                                        std::string_view name) {
  static const std::vector<Value> none;
  const Value* const value = find(object, path, name, Kind::array);
  return value ? value->elements : none;
}

const Value* Fields::object(const Value& object, std::string_view path, std::string_view name) {
  return find(object, path, name, Kind::object);
}

std::vector<std::string> Fields::strings(const Value& object, std::string_view path,
                                         std::string_view name) {
  std::vector<std::string> out;
  const std::string here = pointer(path, name);
  for (const Value& element : array(object, path, name)) {
    expect(element, Kind::string, pointer(here, out.size()));
    out.push_back(element.text);
  }
  return out;
}

}  // namespace sfluv::json
