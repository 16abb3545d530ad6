// AdaBelief (Zhuang et al., 2020) as a link of one's own: Adam that averages (g − m)², not g².
#pragma once
#include <cmath>
#include <fallline/fallline.hpp>

struct AdaBelief {
  double beta1 = 0.9, beta2 = 0.999, eps = 1e-8;
  static constexpr std::size_t slots = 2;  // numbers of state a parameter: m and s

  template <class T>
  auto at(const fallline::Step& step) const {
    return [b1 = fallline::Decay<T>(beta1), m_debias = T(fallline::debias(beta1, step.t)),
            b2 = fallline::Decay<T>(beta2), s_debias = T(fallline::debias(beta2, step.t)),
            eps = T(eps)](T g, T& m, T& s) {
      m = ewma(m, g, b1);
      s = ewma(s, (g - m) * (g - m), b2);
      return m * m_debias / (std::sqrt(s * s_debias) + eps);
    };
  }
};
