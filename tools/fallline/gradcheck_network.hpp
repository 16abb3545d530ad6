#pragma once

#include <fallline/gradient/network_check.hpp>
#include <string>

namespace fallline::tool {

/// What was found of a network, as one JSON object.
[[nodiscard]] std::string network_check_json(const NetworkGradientCheck& found,
                                             const Network& network, const std::string& loss);

/// The same in that format.
void print_network_check(const NetworkGradientCheck& found, const Network& network,
                         const std::string& loss, const std::string& format);

}  // namespace fallline::tool
