// SPDX-License-Identifier: MIT
#pragma once

#include <httplib.h>
#include <span>
#include <string>
#include <string_view>

#include "sfluv/issue.h"

namespace sfluv::server {

void answer_json(httplib::Response& response, std::string json, int status = 200);

/// {"error":"<id of the first issue>","issues":[...]}
void answer_issues(httplib::Response& response, int status, std::span<const Issue> issues);

/// {"error":"<id>","issues":[]}, for what is wrong with the request as HTTP.
void answer_error(httplib::Response& response, int status, std::string_view id);

/// Not signed in, or without the role: the documents know no 401, and the live system's 403 has no
/// body (rulebook A8.4).
void forbid(httplib::Response& response);

}  // namespace sfluv::server
