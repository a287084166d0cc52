// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sfluv/amount.h"
#include "sfluv/issue.h"

/// Reading JSON. nlohmann-json's SAX parser (json_parser.cpp alone knows it) fills a small tree that
/// keeps numbers as their text, because money does not fit a double, and that is bounded in size,
/// depth and number of values (limits.h).
namespace sfluv::json {

enum class Kind : std::uint8_t { null, boolean, number, string, array, object };

[[nodiscard]] std::string_view to_string(Kind kind);

struct Member;

struct Value {
  Kind kind = Kind::null;
  bool truth = false;           ///< of a boolean
  std::string text;             ///< of a string; of a number its decimal text
  std::vector<Value> elements;  ///< of an array
  std::vector<Member> members;  ///< of an object, in the order of the text, duplicates included

  /// The member of this exact name, the last one of several; null when absent or no object.
  [[nodiscard]] const Value* find(std::string_view name) const;
  /// The same, but letters match without case, as the live server's decoder does (rulebook A1.2).
  [[nodiscard]] const Value* find_any_case(std::string_view name) const;
};

struct Member {
  std::string name;
  Value value;
};

/// What may stand after the value: nothing but white space, or anything (rulebook A1.2).
enum class Rest : std::uint8_t { refused, ignored };

/// The tree of a JSON text. Error: `code` with path "" and {reason, byte?}: "syntax" at a byte,
/// "size" at the first byte too many, "depth" or "values" over their limit.
[[nodiscard]] Outcome<Value> parse(std::string_view text, Code code, Rest rest = Rest::refused);

/// Reads typed fields out of a tree and remembers the first one of a wrong type, so that a reader
/// is a plain list of fields. Absent and null give the default.
class Fields {
 public:
  enum class Names : std::uint8_t { exact, any_case };

  Fields(Code code, Names names) : code_(code), names_(names) {}

  [[nodiscard]] std::string string(const Value& object, std::string_view path,
                                   std::string_view name);
  [[nodiscard]] std::optional<std::string> optional_string(const Value& object,
                                                           std::string_view path,
                                                           std::string_view name);
  [[nodiscard]] bool boolean(const Value& object, std::string_view path, std::string_view name);
  [[nodiscard]] std::int64_t integer(const Value& object, std::string_view path,
                                     std::string_view name, std::int64_t fallback = 0);
  [[nodiscard]] std::optional<std::int64_t> optional_integer(const Value& object,
                                                             std::string_view path,
                                                             std::string_view name);
  /// A number of any length, or a decimal text.
  [[nodiscard]] Amount amount(const Value& object, std::string_view path, std::string_view name);
  [[nodiscard]] std::vector<std::string> strings(const Value& object, std::string_view path,
                                                 std::string_view name);
  /// The elements; null elements are kept.
  [[nodiscard]] const std::vector<Value>& array(const Value& object, std::string_view path,
                                                std::string_view name);
  /// The member when it is an object, null when it is absent or null.
  [[nodiscard]] const Value* object(const Value& object, std::string_view path,
                                    std::string_view name);

  /// Notes that the value at `path` should have been of another kind.
  void expect(const Value& value, Kind kind, std::string_view path);
  /// Notes that the whole text should have been of another kind; here null is none.
  void require(const Value& root, Kind kind);
  /// Notes that the value at `path` says nothing that is known here.
  void refuse(std::string_view path, std::string_view expected);

  [[nodiscard]] const std::optional<Issue>& failure() const { return failure_; }

 private:
  [[nodiscard]] const Value* find(const Value& object, std::string_view name) const;
  [[nodiscard]] const Value* find(const Value& object, std::string_view path, std::string_view name,
                                  Kind kind);
  void fail(std::string_view path, std::string_view expected, Kind got);

  Code code_;
  Names names_;
  std::optional<Issue> failure_;
};

}  // namespace sfluv::json
