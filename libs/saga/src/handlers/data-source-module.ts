/* What the modules of participants and subscribers have in common: they use a DataSource of the application. */
import { ConfigurableModuleBuilder, type ConfigurableModuleHost, type InjectionToken } from '@nestjs/common';
import { getDataSourceToken } from '@nestjs/typeorm';

/** What Nest must know before the options are available, also with `forRootAsync`. */
export interface DataSourceModuleExtras {
  /** Whether all modules of the application may inject the exports without importing this module. @default false */
  readonly isGlobal?: boolean;
  /**
   * The injection token of the TypeORM DataSource in whose transactions handlers run: `getDataSourceToken('shop')` of
   * `@nestjs/typeorm` for a named one. @default DataSource, the one without a name
   */
  readonly dataSource?: InjectionToken | undefined;
}

/**
 * A module class with `forRoot` and `forRootAsync`, which provides the DataSource that it was given under this token.
 */
export function dataSourceModule<Options>(
  moduleName: string,
  token: symbol,
): ConfigurableModuleHost<Options, 'forRoot', 'create', DataSourceModuleExtras> {
  return new ConfigurableModuleBuilder<Options>({ moduleName })
    .setClassMethodName('forRoot')
    .setExtras<DataSourceModuleExtras>(
      { isGlobal: false, dataSource: undefined },
      (module, { isGlobal, dataSource }) => ({
        ...module,
        global: isGlobal ?? false,
        providers: [...(module.providers ?? []), { provide: token, useExisting: dataSource ?? getDataSourceToken() }],
      }),
    )
    .build();
}
