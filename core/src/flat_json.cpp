// SPDX-License-Identifier: MIT
#include "sfluv/flat_json.h"

#include <charconv>

#include "sfluv/json.h"

namespace sfluv {

Outcome<FlatJson> read_flat_json(std::string_view json) {
  const auto root = json::parse(json, Code::document_not_readable);
  if (!root) return std::unexpected(root.error());
  json::Fields fields{Code::document_not_readable, json::Fields::Names::exact};
  fields.expect(*root, json::Kind::object, "");
  if (fields.failure()) return std::unexpected(*fields.failure());
  FlatJson out;
  for (const json::Member& member : root->members) {
    const json::Value& value = member.value;
    if (value.kind == json::Kind::string) out.insert_or_assign(member.name, value.text);
    if (value.kind == json::Kind::boolean) out.insert_or_assign(member.name, value.truth);
    if (value.kind != json::Kind::number) continue;
    std::int64_t number = 0;
    const char* const end = value.text.data() + value.text.size();
    if (std::from_chars(value.text.data(), end, number).ptr == end)
      out.insert_or_assign(member.name, number);
  }
  return out;
}

}  // namespace sfluv
