// SPDX-License-Identifier: MIT
#include "document_writer.h"

#include <algorithm>

namespace sfluv {

void DocumentWriter::operator()(const char* name, const std::string& value) const {
  out_.key(name).string(value);
}

void DocumentWriter::operator()(const char* name, bool value) const {
  out_.key(name).boolean(value);
}

void DocumentWriter::operator()(const char* name, std::int64_t value) const {
  out_.key(name).number(value);
}

void DocumentWriter::operator()(const char* name, const Amount& value) const {
  out_.key(name);
  if (style_ == AmountStyle::number) {
    out_.amount(value);
  } else {
    out_.string(value.to_string());
  }
}

void DocumentWriter::operator()(const char* name, AspectRatio value) const {
  out_.key(name).string(to_string(value));
}

void DocumentWriter::operator()(const char* name, const std::vector<std::string>& values) const {
  out_.key(name).begin_array();
  for (const std::string& value : values) out_.string(value);
  out_.end_array();
}

void DocumentWriter::operator()(const char* name, const std::optional<std::string>& value) const {
  if (value) (*this)(name, *value);
}

void DocumentWriter::operator()(const char* name, const std::optional<std::int64_t>& value) const {
  if (value) (*this)(name, *value);
}

void DocumentWriter::values_requiring_text(const char* name, const WorkItem& item) const {
  const auto& values = item.values_requiring_text;
  const auto& options = item.dropdown_options;
  out_.key(name).begin_object();
  for (const DropdownOption& option : options) {
    out_.key(option.value).boolean(std::ranges::find(values, option.value) != values.end());
  }
  for (const std::string& value : values) {
    if (std::ranges::find(options, value, &DropdownOption::value) != options.end()) continue;
    out_.key(value).boolean(true);
  }
  out_.end_object();
}

}  // namespace sfluv
