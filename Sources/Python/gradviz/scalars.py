def graph(*a, **k): raise NotImplementedError
