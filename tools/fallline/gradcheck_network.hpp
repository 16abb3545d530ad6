#pragma once

#include <fallline/gradient/network_check.hpp>
#include <string>

namespace fallline::tool {

/// What was found of a network, in that format.
void print_network_check(const NetworkGradientCheck& found, const Network& network,
                         const std::string& loss, const std::string& format);

}  // namespace fallline::tool
