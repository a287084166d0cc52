// SPDX-License-Identifier: MIT
#include "http_host.h"

#include <charconv>
#include <optional>
#include <utility>

#include "connection.h"

namespace sfluv::server {
namespace {

// httplib does not tell a handler on which connection its request came.
thread_local Connection* current_connection = nullptr;

constexpr std::size_t requests_per_connection_max = 1'000;

// Longer than any of ours; httplib matches paths with std::regex, whose recursion grows with them.
constexpr std::size_t path_bytes_max = 1024;

bool is_chunked(const httplib::Request& request) { return request.has_header("Transfer-Encoding"); }

// Without either header there is no body (RFC 9112 §6.3); httplib would wait for one.
bool has_body(const httplib::Request& request) {
  return is_chunked(request) || request.has_header("Content-Length");
}

bool is_read_by_httplib(const httplib::Request& request) {
  return request.method == "POST" || request.method == "PUT" || request.method == "PATCH";
}

// Two ways to say where a body ends are how requests are smuggled.
bool is_ambiguous(const httplib::Request& request) {
  return (is_chunked(request) && request.has_header("Content-Length")) ||
         request.get_header_value_count("Content-Length") > 1 ||
         request.get_header_value_count("Transfer-Encoding") > 1;
}

}  // namespace

BodySource::Result BodySource::read(std::string& out) { return read_into(&out); }

BodySource::Result BodySource::discard() { return read_into(nullptr); }

BodySource::Result BodySource::read_into(std::string* out) {
  if (consumed_ || reader_ == nullptr) {
    consumed_ = true;
    return Result::whole;
  }
  if (request_.is_multipart_form_data())
    return Result::broken;  // httplib would parse it into parts
  if (!is_chunked(request_)) {
    const auto announced = length();
    if (!announced) return Result::broken;
    if (*announced > bytes_max_) return Result::too_large;
    if (out != nullptr) out->reserve(*announced);
  }
  std::uint64_t bytes = 0;
  const bool whole = (*reader_)([&](const char* data, std::size_t size) {
    bytes += size;
    if (bytes > bytes_max_) return false;
    if (out != nullptr) out->append(data, size);
    return true;
  });
  if (bytes > bytes_max_) return Result::too_large;
  consumed_ = whole;
  return whole ? Result::whole : Result::broken;
}

std::optional<std::uint64_t> BodySource::length() const {
  const std::string text = request_.get_header_value("Content-Length");
  std::uint64_t value = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = parsed.ec == std::errc{} && parsed.ptr == text.data() + text.size();
  return whole ? std::optional{value} : std::nullopt;
}

// Browsers announce the length of a form; without it httplib's parser would have no bound.
BodySource::Result BodySource::read_form(std::vector<FormPart>& out, std::uint64_t bytes_max) {
  if (consumed_ || reader_ == nullptr || !request_.is_multipart_form_data()) return Result::broken;
  const auto announced = length();
  if (!announced) return Result::broken;
  if (*announced > bytes_max) return Result::too_large;
  consumed_ = (*reader_)(
      [&](const httplib::MultipartFormData& part) {
        out.push_back({.name = part.name,
                       .file_name = part.filename,
                       .content_type = part.content_type,
                       .content = ""});
        return true;
      },
      [&](const char* data, std::size_t size) {
        if (!out.empty()) out.back().content.append(data, size);
        return true;
      });
  return consumed_ ? Result::whole : Result::broken;
}

HttpHost::HttpHost(const HostOptions& options, Handle handle)
    : options_(options), handle_(std::move(handle)) {
  // What has no body for httplib to read is answered here, before its routing.
  set_pre_routing_handler([this](const httplib::Request& request, httplib::Response& response) {
    current_connection->keep_after_answer();
    if (request.path.size() > path_bytes_max || is_ambiguous(request)) {
      response.status = request.path.size() > path_bytes_max ? 414 : 400;
      current_connection->close_after_answer();
      return HandlerResponse::Handled;
    }
    if (is_read_by_httplib(request) && has_body(request)) return HandlerResponse::Unhandled;
    answer(request, response, nullptr);
    return HandlerResponse::Handled;
  });
  const HandlerWithContentReader with_body =
      [this](const httplib::Request& request, httplib::Response& response,
             const httplib::ContentReader& reader) { answer(request, response, &reader); };
  Post(".*", with_body);
  Put(".*", with_body);
  Patch(".*", with_body);
  set_post_routing_handler([](const httplib::Request&, httplib::Response& response) {
    if (!current_connection->is_closing()) return;
    response.headers.erase("Connection");
    response.headers.erase("Keep-Alive");
    response.set_header("Connection", "close");
  });
  // Only announced by httplib; `serve` does as announced.
  set_keep_alive_timeout(options.keep_alive_ms_max / 1000);
  set_keep_alive_max_count(requests_per_connection_max);
  listener_ =
      std::make_unique<Listener>(options.port, options.threads, [this](int fd) { serve(fd); });
}

HttpHost::~HttpHost() { listener_->stop(); }

void HttpHost::answer(const httplib::Request& request, httplib::Response& response,
                      const httplib::ContentReader* reader) {
  BodySource body{request, reader, options_.body_bytes_max};
  Exchange exchange{.request = request, .response = response, .body = body};
  handle_(exchange);
  if (reader != nullptr && !body.is_consumed() && response.status != 413) (void)body.discard();
  if (has_body(request) && (reader == nullptr || !body.is_consumed()))
    current_connection->close_after_answer();
  if (exchange.drop_answer) current_connection->drop();
}

void HttpHost::serve(int fd) {
  Connection connection{fd, options_.idle_ms_max};
  current_connection = &connection;
  for (std::size_t left = requests_per_connection_max; left > 0; --left) {
    if (!connection.wait_for_request(options_.keep_alive_ms_max)) break;
    // Asked after the wait: a request may still come in on a connection that idled into a pause.
    if (!listener_->is_accepting()) break;
    bool closed = false;
    connection.close_after_answer();  // unless a whole request comes
    if (!process_request(connection, left == 1, closed, nullptr) || closed) break;
    if (connection.is_closing()) break;
  }
  current_connection = nullptr;
  if (!connection.is_dropped()) connection.linger();
}

}  // namespace sfluv::server
