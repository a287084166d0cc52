// SPDX-License-Identifier: MIT
#include "control.h"

#include <exception>
#include <span>

#include "sfluv/digest.h"
#include "sfluv/flat_json.h"
#include "sfluv/json_writer.h"

#include "api.h"
#include "demo_data.h"
#include "jwt.h"

namespace sfluv::server {
namespace {

constexpr std::int64_t token_ttl_s = 24 * 3600;
constexpr std::int64_t workflows_max = 1'000;

void answer_json(Exchange& exchange, JsonWriter& out) {
  exchange.response.status = 200;
  exchange.response.set_content(out.take() + '\n', "application/json");
}

std::optional<FlatJson> settings_of(Exchange& exchange) {
  std::string body;
  if (exchange.body.read(body) != BodySource::Result::whole) return std::nullopt;
  if (body.empty()) return FlatJson{};
  auto settings = read_flat_json(body);
  if (!settings) return std::nullopt;
  return *std::move(settings);
}

template <class T>
T setting(const FlatJson& settings, std::string_view name, T fallback) {
  const auto member = settings.find(name);
  const auto* const value = member == settings.end() ? nullptr : std::get_if<T>(&member->second);
  return value == nullptr ? fallback : *value;
}

}  // namespace

void Control::handle(Exchange& exchange) {
  // A page that somebody has open must not be able to reset the server behind his back.
  if (exchange.request.has_header("Origin"))
    return answer_error(exchange.response, 403, "not_for_pages");
  try {
    respond(exchange);
  } catch (const std::exception& error) {
    answer_error(exchange.response, 500, error.what());
  }
}

void Control::respond(Exchange& exchange) {
  const std::string what = exchange.request.method + ' ' + exchange.request.path;
  if (what == "POST /seed") return seed(exchange);
  if (what == "POST /fault") return fault(exchange);
  if (what == "POST /reset") return reset(exchange);
  if (what == "GET /record") return record(exchange);
  if (what == "GET /requests") return requests(exchange);
  answer_error(exchange.response, 404, "path_not_found");
}

void Control::seed(Exchange& exchange) {
  const auto settings = settings_of(exchange);
  const std::int64_t workflows = settings ? setting<std::int64_t>(*settings, "workflows", 1) : 0;
  if (workflows < 1 || workflows > workflows_max)
    return answer_error(exchange.response, 400, "bad_settings");
  auto database = databases_.lease();
  JsonWriter out;
  out.begin_object().key("workflows").begin_array();
  for (const std::string& id : add_demo_data(*database, workflows, options_.now_s()))
    out.string(id);
  out.end_array().key("tokens").begin_object();
  for (const User& user : demo_users()) {
    out.key(user.id).string(sign_token(user.id, options_.secret, options_.now_s(), token_ttl_s));
  }
  out.end_object().end_object();
  answer_json(exchange, out);
}

void Control::fault(Exchange& exchange) {
  const auto settings = settings_of(exchange);
  if (!settings) return answer_error(exchange.response, 400, "bad_settings");
  const auto mode = fault_mode_from_string(setting<std::string>(*settings, "mode", ""));
  if (!mode) return answer_error(exchange.response, 400, "bad_settings");
  faults_.set({.mode = *mode,
               .ms = setting<std::int64_t>(*settings, "ms", 0),
               .times = setting<std::int64_t>(*settings, "times", 0),
               .path_contains = setting<std::string>(*settings, "path_contains", "")});
  if (*mode == FaultMode::refuse) {
    listener_.pause();
  } else {
    listener_.resume();
  }
  JsonWriter out;
  out.begin_object().key("mode").string(to_string(*mode)).end_object();
  answer_json(exchange, out);
}

void Control::reset(Exchange& exchange) {
  {
    auto database = databases_.lease();
    Transaction transaction{*database, Transaction::Kind::write};
    delete_everything(*database);
    transaction.commit();
  }
  faults_.set({});
  listener_.resume();
  log_.clear();
  JsonWriter out;
  out.begin_object().end_object();
  answer_json(exchange, out);
}

void Control::record(Exchange& exchange) {
  auto database = databases_.lease();
  const Transaction transaction{*database, Transaction::Kind::read};
  const auto workflow = find_workflow(*database, exchange.request.get_param_value("workflow"));
  if (!workflow) return answer_error(exchange.response, 404, "not_found");
  JsonWriter out;
  out.begin_object().key("workflow").raw(write_workflow(*workflow, AmountStyle::number));
  out.key("photos").begin_array();
  for (const auto& [photo, bytes] : photos_of_workflow(*database, workflow->id)) {
    const std::span data{reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()};
    out.begin_object().key("id").string(photo.id).key("step_id").string(photo.step_id);
    out.key("item_id").string(photo.item_id).key("submission_id").string(photo.submission_id);
    out.key("file_name").string(photo.file_name).key("content_type").string(photo.content_type);
    // Of the bytes as they lie there, not as they were announced.
    out.key("size_bytes")
        .number(static_cast<std::int64_t>(bytes.size()))
        .key("sha256")
        .string(hex(sha256(data)));
    out.end_object();
  }
  out.end_array().end_object();
  answer_json(exchange, out);
}

void Control::requests(Exchange& exchange) {
  auto database = databases_.lease();
  JsonWriter out;
  out.begin_object().key("requests").raw(log_.to_json());
  out.key("submissions").number(count_submissions(*database)).end_object();
  answer_json(exchange, out);
}

}  // namespace sfluv::server
