// SPDX-License-Identifier: MIT
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sfluv/json.h"
#include "sfluv/limits.h"

namespace sfluv::json {
namespace {

using Library = nlohmann::json;

// Builds the tree while the parser runs. The path from the root to the open container is kept as
// pointers: a container's own vector does not grow while one of its children is open.
class TreeBuilder {
 public:
  using number_integer_t = Library::number_integer_t;
  using number_unsigned_t = Library::number_unsigned_t;
  using number_float_t = Library::number_float_t;
  using string_t = Library::string_t;
  using binary_t = Library::binary_t;

  bool null() { return add({}) != nullptr; }
  bool boolean(bool value) { return add({.kind = Kind::boolean, .truth = value}) != nullptr; }
  bool number_integer(number_integer_t value) { return number(std::to_string(value)); }
  bool number_unsigned(number_unsigned_t value) { return number(std::to_string(value)); }
  bool number_float(number_float_t, const string_t& text) { return number(text); }
  bool string(string_t& text) {
    return add({.kind = Kind::string, .text = std::move(text)}) != nullptr;
  }
  bool binary(binary_t&) { return false; }
  bool start_object(std::size_t) { return open(Kind::object); }
  bool start_array(std::size_t) { return open(Kind::array); }
  bool end_object() { return close(); }
  bool end_array() { return close(); }
  bool key(string_t& name) {
    open_.back()->members.push_back({.name = std::move(name), .value = {}});
    return true;
  }
  // The position counts the wrong byte as read.
  bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception&) {
    byte = static_cast<std::int64_t>(position) - 1;
    return false;
  }

  Value root;
  std::string_view reason = "syntax";
  std::int64_t byte = -1;  ///< that is wrong, where it is known

 private:
  bool number(std::string text) {
    return add({.kind = Kind::number, .text = std::move(text)}) != nullptr;
  }

  Value* add(Value value) {
    if (++values_ > limits::json_values_max) {
      reason = "values";
      return nullptr;
    }
    if (open_.empty()) {
      root = std::move(value);
      return &root;
    }
    Value& parent = *open_.back();
    if (parent.kind == Kind::array) return &parent.elements.emplace_back(std::move(value));
    return &(parent.members.back().value = std::move(value));
  }

  bool open(Kind kind) {
    if (open_.size() == limits::json_depth_max) {
      reason = "depth";
      return false;
    }
    Value* const container = add({.kind = kind});
    if (container == nullptr) return false;
    open_.push_back(container);
    return true;
  }

  bool close() {
    open_.pop_back();
    return true;
  }

  std::vector<Value*> open_;
  std::uint32_t values_ = 0;
};

std::unexpected<Issue> not_readable(Code code, std::string_view reason, std::int64_t byte) {
  Issue issue{.code = code, .path = "", .params = {{"reason", std::string{reason}}}};
  if (byte >= 0) issue.params.push_back({"byte", byte});
  return std::unexpected{std::move(issue)};
}

// Where the library reads on although RFC 8259 does not: it skips a byte order mark, which the live
// server refuses (rulebook A1.1), and takes U+0000 for the end.
std::optional<std::int64_t> byte_the_library_overlooks(std::string_view text, Rest rest) {
  if (text.starts_with("\xEF\xBB\xBF")) return 0;
  const std::size_t at = rest == Rest::refused ? text.find('\0') : std::string_view::npos;
  if (at == std::string_view::npos) return std::nullopt;
  return static_cast<std::int64_t>(at);
}

}  // namespace

Outcome<Value> parse(std::string_view text, Code code, Rest rest) {
  if (text.size() > limits::json_bytes_max) {
    return not_readable(code, "size", static_cast<std::int64_t>(limits::json_bytes_max));
  }
  if (const auto byte = byte_the_library_overlooks(text, rest)) {
    return not_readable(code, "syntax", *byte);
  }
  TreeBuilder builder;
  const bool whole = Library::sax_parse(text.begin(), text.end(), &builder,
                                        Library::input_format_t::json, rest == Rest::refused);
  if (!whole) return not_readable(code, builder.reason, builder.byte);
  return std::move(builder.root);
}

}  // namespace sfluv::json
