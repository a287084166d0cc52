// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "sfluv/amount.h"
#include "sfluv/issue.h"

namespace sfluv {

/// Writes one compact line of JSON (RFC 8259), keys in the order of the calls, so that equal values
/// give equal bytes. Strings are expected in UTF-8; what is not becomes U+FFFD.
class JsonWriter {
 public:
  JsonWriter& begin_object();
  JsonWriter& end_object();
  JsonWriter& begin_array();
  JsonWriter& end_array();
  JsonWriter& key(std::string_view name);
  JsonWriter& key(const char* name);  ///< a literal, which takes half the code to pass
  JsonWriter& string(std::string_view text);
  JsonWriter& number(std::int64_t value);
  JsonWriter& amount(const Amount& value);  ///< as a JSON number of any length
  JsonWriter& boolean(bool value);
  JsonWriter& null();
  JsonWriter& raw(std::string_view json);  ///< a value that is JSON already
  JsonWriter& issue(const Issue& issue);   ///< {"code","path","params":{...}}
  /// The same where the id is known: it is not looked for among those of all codes.
  JsonWriter& issue(const Issue& issue, std::string_view id);

  [[nodiscard]] std::string take() { return std::move(text_); }

 private:
  void separate();

  std::string text_;
  bool needs_comma_ = false;
};

/// `{"issue":{...}}`: how every call of the facade answers when there is no value.
[[nodiscard]] std::string issue_reply(const Issue& issue);
[[nodiscard]] std::string issue_reply(const Issue& issue, std::string_view id);

}  // namespace sfluv
