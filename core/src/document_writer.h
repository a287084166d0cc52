// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sfluv/json_writer.h"

#include "document_members.h"

namespace sfluv {

/// Writes documents into the object or array that is open in `out`. Optional members without a
/// value are left out.
class DocumentWriter {
 public:
  DocumentWriter(JsonWriter& out, AmountStyle style) : out_(out), style_(style) {}

  void operator()(const char* name, const std::string& value) const;
  void operator()(const char* name, bool value) const;
  void operator()(const char* name, std::int64_t value) const;
  void operator()(const char* name, const Amount& value) const;
  void operator()(const char* name, AspectRatio value) const;
  void operator()(const char* name, const std::vector<std::string>& values) const;
  void operator()(const char* name, const std::optional<std::string>& value) const;
  void operator()(const char* name, const std::optional<std::int64_t>& value) const;

  template <class Known>
  void operator()(const char* name, const Status<Known>& status) const {
    (*this)(name, status.text);
  }

  template <class Document>
  requires requires(const DocumentWriter& io, const Document& value) { members(io, value); }
  void operator()(const char* name, const Document& value) const {
    out_.key(name);
    object(value);
  }

  template <class Document>
  void operator()(const char* name, const std::optional<Document>& value) const {
    if (value) (*this)(name, *value);
  }

  template <class Document>
  void operator()(const char* name, const std::vector<Document>& values) const {
    out_.key(name);
    list(values);
  }

  void unless_empty(const char* name, bool value) const {
    if (value) (*this)(name, true);
  }
  template <class T>
  void unless_empty(const char* name, const T& value) const {
    if (!value.empty()) (*this)(name, value);
  }

  /// An object with a flag for each option of the item; values without an option keep theirs.
  void values_requiring_text(const char* name, const WorkItem& item) const;

  template <class Document>
  void list(const std::vector<Document>& values) const {
    out_.begin_array();
    for (const Document& value : values) object(value);
    out_.end_array();
  }

  template <class Document>
  void object(const Document& document) const {
    out_.begin_object();
    members(*this, document);
    out_.end_object();
  }

 private:
  JsonWriter& out_;
  AmountStyle style_;
};

}  // namespace sfluv
