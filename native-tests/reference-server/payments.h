// SPDX-License-Identifier: MIT
#pragma once

#include "sfluv/series.h"

#include "services.h"

namespace sfluv::server {

/// Makes the transfers that are due, one after the other, each recorded before the next. Gives the
/// series afterwards. Outside of any transaction: a transfer may be slow.
Series pay_what_is_due(Services& services, const Series& series);

/// What a server that stopped in between has left unpaid.
void pay_what_was_left(Services& services);

}  // namespace sfluv::server
